-- An item of which nobody ever said how many there are is to be counted and not ordered: with every upgrade the states are
-- made anew and the plans forgotten, and this is one.
DELETE FROM plan_basis;
