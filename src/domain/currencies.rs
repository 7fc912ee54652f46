//! Currencies that exist.

/// ISO 4217: the currencies in use, without metals, funds and codes for testing.
const CODES: &str = "\
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP \
CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD \
IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP \
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG \
XOF XPF YER ZAR ZMW ZWG";

/// The code in its one form; none where no such currency is in use.
pub fn code(typed: &str) -> Option<&'static str> {
    let typed = typed.trim();
    CODES.split(' ').find(|code| code.eq_ignore_ascii_case(typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_currencies_that_exist_are_taken() {
        assert_eq!((code("eur"), code(" GBP "), code("Usd")), (Some("EUR"), Some("GBP"), Some("USD")));
        assert_eq!((code("XYZ"), code("XXX"), code(""), code("EU")), (None, None, None, None));
        assert!(CODES.split(' ').all(|c| c.len() == 3), "{CODES}");
    }
}
