//! The terminal: what is shown and what keys do.
