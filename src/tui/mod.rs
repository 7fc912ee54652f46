//! The terminal: what is shown and what keys do.
//!
//! | file | what |
//! |---|---|
//! | `run` | takes the terminal and gives it back; the loop |
//! | `event` | everything that can happen; the keyboard thread |
//! | `app` | the state; `App::update(event) -> Vec<Effect>`, pure |
//! | `action`, `keymap` | what can be asked for, and the one table of keys |
//! | `scan`, `scan_field`, `finder`, `chooser` | scanner or typing? the field that takes both; choosing an item by name; choosing in a dialog's field |
//! | `scan_screen` | what counting, receiving, picking and moving have in common: one field and what goes on round it |
//! | `screens`, `views` | a file per tab: behaviour, looks |
//! | `table`, `form`, `overlay`, `find`, `undo` | lists, dialogs, what opens above a tab |
//! | `first_run`, `begin` | what is asked before there is a warehouse, and of one that was never asked |
//! | `today` | the Today card, and what is not done when somebody leaves |
//! | `bring` | bringing in a file: choosing it, its columns, what will happen |
//! | `entry` | typed by hand: items, customers, suppliers, orders, notes |
//! | `settings`, `mail_setup`, `printer`, `keys` | the settings by subject, and what is set up in a dialog of its own |
//! | `papers` | printing what is no list: call list, count sheets, POs, letters, labels |
//! | `office`, `listed` | check, export, print, backup; what of a screen is a list for a file |
//! | `scanner_test` | what a scan sends |
//! | `history` | the story of an item or a bin |
//! | `door`, `people` | who works here now; the list of people |
//! | `text`, `theme` | cells and colours |

pub mod action;
pub mod app;
pub mod begin;
pub mod bring;
pub mod chooser;
pub mod door;
pub mod entry;
pub mod event;
pub mod find;
pub mod finder;
pub mod first_run;
pub mod form;
pub mod history;
pub mod keymap;
pub mod keys;
pub mod listed;
pub mod mail_setup;
pub mod mails;
pub mod month_end;
pub mod office;
pub mod overlay;
pub mod papers;
pub mod people;
pub mod printer;
pub mod run;
pub mod scan;
pub mod scan_field;
pub mod scan_screen;
pub mod scanner_test;
pub mod screens;
pub mod settings;
pub mod table;
pub mod text;
pub mod theme;
pub mod today;
pub mod undo;
pub mod views;
