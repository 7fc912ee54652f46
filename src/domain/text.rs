//! Text from data made safe to show: control, bidi and zero-width characters.
