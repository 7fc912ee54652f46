//! What an item's figures say: is it trouble?
