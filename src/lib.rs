//! backshelf: stock, open backorders, supplier scorecards and reorder suggestions in one terminal program over one
//! SQLite file. This page is the map of the house and the list of what always holds in it.
//!
//! # The map
//!
//! Imports run downwards only; `tests/layering.rs` reads the sources and fails on one that runs upwards.
//!
//! | room | what is in it | may use |
//! |---|---|---|
//! | [`domain`] | rules and values, pure: quantities, money, dates, delay rules, allocation, pegging, lateness, lead times, scorecards, demand, forecast, reorder levels | std, chrono; `rustfft` in `domain::forecast`, `statrs` in `domain::loss` |
//! | [`exchange`] | bytes to domain values and back: the file tables ([`exchange::table`]), reading CSV, TSV, XLSX and gz, import profiles as data, exports | domain |
//! | [`messages`] | the words that a customer or a supplier is sent or told: sentences of legal effect made from decisions, templates round them | domain |
//! | [`store`] | SQLite: opening and migrating, the one way to write ([`store::write`]), rows to values, the only SQL | domain |
//! | [`ops`] | use cases: one named operation = one transaction; [`ops::views`] are the reads behind every screen and export | domain, store, exchange, messages |
//! | [`post`] | delivering what the outbox holds: the mail server from the settings, one dialogue by SMTP with a deadline | ops, store, exchange, domain, clock |
//! | [`demo`] | the sample warehouse, generated from a seed relative to today | ops, store, exchange, domain |
//! | [`worker`] | the threads that own the store while the workbench is open: requests in, replies out, newest read wins, writes in order | post, ops, store, exchange, messages, domain, clock |
//! | [`tui`] | the terminal: `app` (state, one pure `update`), `keymap` (every key, once), `screens` (state and behaviour of a tab), `views` (drawing), `form`, `table`, `overlay`, `scan`, `theme` | domain, worker |
//! | [`cli`] | the same capabilities without a terminal, one file per subcommand | all of the above |
//! | [`clock`] | the only clock; `--as-of` sets the business date | - |
//!
//! Data outside `src`: `assets/migrations` (the schema, numbered, append-only), `assets/profiles` (foreign layouts),
//! `assets/headings.toml` (what a column of an unknown sheet may be called),
//! `assets/themes` (colours). Tests: one binary, `tests/all.rs`, a module per subject; `tests/support` has the workbench on
//! a test terminal (`rig`), the real program in a pseudo-terminal (`session`) and the command line (`cli`).
//!
//! # Where do I find ...
//!
//! | question | answer |
//! |---|---|
//! | what must this customer be told, by when? | [`domain::delay::decide`] |
//! | when will this line be ready, and why? | [`domain::pegging::peg`], facts by `ops::views::backorders` |
//! | who gets the free stock? | [`domain::allocation::fill`], called at the end of every write by [`ops::allocating::settle`] |
//! | is this item in trouble? | [`domain::stock`] |
//! | how far can we trust a supplier? | [`domain::scorecard`], counted from what [`store::supplier_sums`] keeps |
//! | when do goods come, dated or not? | [`domain::inbound::Inbound::arrives`] |
//! | how late is a supplier, how long do its goods take? | [`domain::lateness`], [`domain::lead_time`], asked by [`ops::learning`] |
//! | would we have foretold it? | [`domain::hindsight`], `backshelf replay-suppliers` |
//! | how much to order? | [`domain::forecast`], [`domain::reorder`], kept by [`ops::planning`] |
//! | which plans are of now, and what is planned anew after a change? | [`ops::planning::due`], by [`store::plan_changes`] |
//! | what was ordered of an item, by week and channel? how is it planned, to be ordered or not? | [`ops::views::demand`], [`ops::views::planned`] |
//! | what did the buyer say beside orders: a project, a successor, the program's level, a price by quantity? | [`ops::buying`] |
//! | would that have worked last year? | [`domain::replay`], run by [`ops::replaying`] |
//! | what is a customer told, and what of it is the law's? | [`messages::Shelf::write`] |
//! | when does a mail leave, and who may stop it? | [`ops::outbox`], delivered by [`post`]; what a talk by mail counts as: `contact_now` in the schema |
//! | where does a PO stand, and what may be done to it? | [`domain::purchase`], [`ops::purchasing`] |
//! | which supplier must be asked today, and with which words? | [`domain::chase`], [`messages::supplier`], kept by [`ops::chasing`] |
//! | what became of rejected goods? | [`domain::claim`], [`ops::claiming`] |
//! | what moved a supplier's score? | [`domain::scorecard::effects`] |
//! | should one still order from him? | [`domain::standing`] |
//! | what does a file's column mean? | [`exchange::table`] |
//! | what is in a sheet that nobody described? | [`exchange::bring`] guesses and asks, [`ops::inbox`] finds new files |
//! | what is typed by hand, and what is printed? | [`ops::entering`] (forms from the file tables), [`ops::printing`], [`exchange::paper`] |
//! | who may do this? | [`ops::perform`] asks [`domain::people`]; PINs and badges in [`ops::people`] |
//! | what lies in a delivery, on a trolley, in a picking round? | [`ops::deliveries`], [`ops::carrying`], [`ops::picking`]; one scan grammar in [`domain::scan`] |
//! | what must be done today, and what closes a month? | [`ops::morning`], [`ops::closing`]; copies by [`ops::safekeeping`] |
//! | how does a file get in, and out again? | [`exchange::read`] then [`ops::importing`]; [`ops::undo`] |
//! | what does this key do? | `tui::keymap::BINDINGS` |
//! | from a key to a fresh screen | `tui::event` -> `tui::app::App::update` -> `worker::Request` -> `ops` -> `worker::Reply` -> `update` -> draw |
//!
//! # What always holds
//!
//! - `domain` never reads a clock, a file, a table or a terminal: same inputs, same answer.
//! - Only `store` holds SQL; only [`store::Store::write`] opens a transaction that a person's deed changes, IMMEDIATE, with
//!   its operation and a journal row for every row it touched. (`Store::keep` writes what can be computed anew,
//!   `Store::report` what became of a mail on its way.)
//! - A mail is sent once: its bytes are fixed when it is queued, and `started` is committed before the first of them leaves.
//!   Where nobody can know whether it arrived, a person decides.
//! - A count is compared with what should lie in the bin at its moment: the book, less what was picked and not shipped.
//! - What was picked for a line and is not shipped stays reserved to it as long as the stock covers all that is picked.
//! - Stock is never edited, only moved. Operations, journal, movements, contacts and counts are append-only, by triggers.
//!   What is kept beside them for speed (`level`, `item_state`, `item_plan` with `plan_basis`, `supplier_record`, `supplier_sums`) is proved equal by `backshelf check`.
//! - Undo is a reversing operation that points at what it reverses; it reads the journal backwards.
//! - What the person saw is compared with what is stored before a write; if it changed, the write is refused with both.
//! - The screen's thread holds no connection and waits for none. `App::update` is the only thing that changes its state.
//! - Every key is one row of one table; look-up, footer, help, palette and the README's key table come from it.
//! - No run of printable keys with one Enter or Tab, at any speed, writes, sends or quits outside a scan field.
//! - A refusal ([`domain::refusal`]) is a sentence for the person at the shelf; an error ([`store::Failure::Broken`]) is for us.
//! - No floats for quantities or money: thousandths of a unit, ten-thousandths of the currency, checked.
//! - Text from data is data: control, bidi and escape characters never reach the terminal, a formula cell or a header raw.
//!
//! # Where this differs from the first drawing
//!
//! - Reads that need rules (pegging, decisions, scorecards, suggestions) are `ops::views`, not `store::queries`: a screen and
//!   its export come from the same rows, and the store stays free of rules.
//! - Import profiles may create what a channel's export names (`exchange::table::Batch::fallback`) without overwriting.
//! - A PO line that nobody gave a day comes as long after its order as such goods were learned to take
//!   ([`domain::inbound`]), as reorder points assume too; the quoted lead time of `domain.md` stands in where too little is
//!   learned. Two screens told two days for the same goods before.
//! - 4 Reorder has keys that the drawing has not. `n` is "new, of the kind this tab shows" everywhere: here that is a PO,
//!   so whose history a new item takes over is asked with `b`.
//! - All integration tests are one binary: one link instead of twenty keeps the suite short on two cores.

pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod exchange;
pub mod messages;
pub mod ops;
pub mod post;
pub mod store;
pub mod tui;
pub mod worker;
