-- How much of an item a person expects to sell, where its own orders do not tell it yet.
ALTER TABLE item_rule ADD COLUMN expected_month INTEGER CHECK (expected_month > 0);   -- thousandths a month
ALTER TABLE item_rule ADD COLUMN expected_months INTEGER CHECK (expected_months > 0); -- it counts for as much as so many months of sales
ALTER TABLE item_rule ADD COLUMN expected_on TEXT;                                    -- the day on which it was said: from then on it fades
