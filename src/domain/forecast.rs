//! Demand over a lead time as a distribution: the empirical-Bayes compound model.
