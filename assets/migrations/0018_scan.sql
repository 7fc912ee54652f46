-- The last row of picking that was known when a line was counted. What had been picked by then and was not shipped was out
-- of its bin already, though the book has it there until it leaves. NULL: counted before this was kept; then the goods in
-- the picker's hands were counted as lying there.
ALTER TABLE count_scan ADD COLUMN after_pick INTEGER;
CREATE INDEX pick_place_by_bin ON pick_place(bin_id, item_id);
