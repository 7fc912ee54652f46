//! What waits by the channel that the orders came by.

use super::{Board, CustomerRow, WaitingLine};
use crate::domain::delay::State;
use crate::domain::ids::CustomerId;
use crate::domain::money::Money;
use crate::ops::views::refunds::Refund;
use std::collections::{BTreeMap, HashSet};

/// A channel and what waits in it.
#[derive(Clone, PartialEq, Debug)]
pub struct ChannelRow {
    /// None: orders that name no channel.
    pub channel: Option<String>,
    pub lines: usize,
    pub customers: usize,
    /// Customers due today with a line of this channel in their row, and refunds owed for its orders.
    pub due: usize,
    /// How many of the lines are late today or will be.
    pub late: usize,
    pub worth: Money,
    /// The lines, as they stand in `Board::lines`.
    pub at: Vec<usize>,
}

/// A row with the customers that it counts: all of them, and those due today.
type Counting = (ChannelRow, HashSet<CustomerId>, HashSet<CustomerId>);

/// One row per channel, the most customers on top.
pub(super) fn rows(lines: &[WaitingLine], customers: &[CustomerRow]) -> Vec<ChannelRow> {
    let mut of: BTreeMap<Option<&str>, Counting> = BTreeMap::new();
    let entry = |line: &WaitingLine| -> Counting {
        let channel = line.channel.clone();
        let row = ChannelRow { channel, lines: 0, customers: 0, due: 0, late: 0, worth: Money::ZERO, at: Vec::new() };
        (row, HashSet::new(), HashSet::new())
    };
    for (at, line) in lines.iter().enumerate() {
        let (row, who, _) = of.entry(line.channel.as_deref()).or_insert_with(|| entry(line));
        who.insert(line.customer);
        row.lines += 1;
        row.late += usize::from(line.state != State::OnTrack);
        row.worth += line.value.unwrap_or_default();
        row.at.push(at);
    }
    for customer in customers.iter().filter(|c| c.due_today) {
        for line in customer.lines.iter().filter_map(|at| lines.get(*at)) {
            if let Some((_, _, due)) = of.get_mut(&line.channel.as_deref()) {
                due.insert(customer.customer);
            }
        }
    }
    let mut rows: Vec<ChannelRow> =
        of.into_values().map(|(row, who, due)| ChannelRow { customers: who.len(), due: due.len(), ..row }).collect();
    sort(&mut rows);
    rows
}

fn sort(rows: &mut [ChannelRow]) {
    rows.sort_by(|a, b| b.customers.cmp(&a.customers).then_with(|| a.channel.cmp(&b.channel)));
}

impl Board {
    /// Counts the refunds that are owed in the channels of their orders, as the badge counts them.
    pub fn count_refunds(&mut self, owed: &[Refund]) {
        for refund in owed {
            match self.channels.iter_mut().find(|row| row.channel == refund.channel) {
                Some(row) => row.due += 1,
                None => self.channels.push(ChannelRow {
                    channel: refund.channel.clone(),
                    lines: 0,
                    customers: 0,
                    due: 1,
                    late: 0,
                    worth: Money::ZERO,
                    at: Vec::new(),
                }),
            }
        }
        sort(&mut self.channels);
    }
}
