//! Everything that a key can ask for.

/// One thing that can be done, whichever key asks for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    // everywhere
    Help,
    Back,
    Palette,
    Interrupt,
    Suspend,
    Redraw,
    // lists
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Open,
    IntoPane,
    OutOfPane,
    /// The tab with this number, from 0.
    Tab(usize),
    NextTab,
    PreviousTab,
    NextDue,
    /// The Today card.
    Today,
    Filter,
    Find,
    NextView,
    Sort,
    Mark,
    MarkAll,
    Undo,
    Copy,
    Reload,
    Quit,
    Edit,
    New,
    Receive,
    History,
    Note,
    Export,
    /// The list on the screen to paper or a file, whatever it is.
    File,
    MailSetup,
    Papers,
    DayEnd,
    PrinterSetup,
    Settings,
    Import,
    NewCustomer,
    NewSupplier,
    EditCustomer,
    EditSupplier,
    Check,
    Backup,
    MonthEnd,
    /// The first questions.
    Begin,
    /// Changing keys.
    Keys,
    Mails,
    /// Somebody else works here now.
    Person,
    Lock,
    People,
    ScannerTest,
    // Stock
    Count,
    Move,
    Pick,
    Adjust,
    // Backorders
    Contact,
    Answer,
    Ship,
    NewDate,
    Later,
    Cancel,
    Turn,
    Swap,
    Split,
    Delivered,
    // Suppliers
    Ask,
    RecordAnswer,
    SendOrder,
    PoDate,
    SupplierLater,
    /// Rejected goods: claiming them, what the claim came to.
    Claim,
    Figures,
    CancelPoLine,
    Invoice,
    // Reorder
    MakeOrders,
    OtherSupplier,
    LineLater,
    Serves,
    DropLine,
    /// What each way of ordering would have served in the last year.
    LastYear,
    /// The levels for this window's day, where those of another stand.
    PlanAnew,
    /// The program's level in place of the typed one.
    ProgramLevel,
    /// A large order was a project.
    Project,
    /// A fixed lead time, how long it keeps, its season.
    PlanRule,
    /// The item takes over another's history.
    Inherit,
    /// Counts what somebody waits for although the book says that it is there.
    CountShort,
    // counts
    /// What was counted against the book.
    Review,
    /// A filled sheet is read back.
    ReadSheet,
    /// How exact the books were found to be.
    HowExact,
    /// A line of a review is to be counted again.
    CountAgain,
    /// A code that nobody knew is named.
    NameCode,
    /// A code that nobody knew counts for nothing.
    DropCode,
    /// From the review back to counting.
    CountOn,
    ThrowAway,
    // scan fields
    TakeLine,
    TakeBackLast,
    FindItem,
    PlaceDone,
    NoneHere,
    BadGoods,
    NoteNumber,
    Pause,
    // dialogs
    Save,
    NextField,
    PreviousField,
    Choose,
}

/// Whether an action can be done now; asked by the footer and by the handler, so that they cannot disagree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Availability {
    Ready,
    /// Not now: the sentence says why and what to do.
    Blocked(String),
}

impl Availability {
    /// Blocked with this sentence.
    pub fn blocked(why: impl Into<String>) -> Availability {
        Availability::Blocked(why.into())
    }
    /// Ready where `condition` holds, else blocked with the sentence.
    pub fn when(condition: bool, why: &str) -> Availability {
        if condition { Availability::Ready } else { Availability::blocked(why) }
    }
}
