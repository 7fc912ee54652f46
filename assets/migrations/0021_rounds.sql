-- The rounds of past years are never read through: what is picked for an open line, and whether a round's line was shipped,
-- are found by the line.
CREATE INDEX pick_place_by_line ON pick_place(line_id);
DROP INDEX pick_shipment_by_pick;
CREATE INDEX pick_shipment_by_line ON pick_shipment(pick_id, line_id);
