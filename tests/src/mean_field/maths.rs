//! The only transcendental functions the oracle uses, in one place so that they can be swapped.

/// `x` to the power `y`, for `x > 0`.
pub fn power(x: f64, y: f64) -> f64 {
    x.powf(y)
}

/// Natural logarithm of `x > 0`.
pub fn log(x: f64) -> f64 {
    x.ln()
}

/// Exponential of `x`.
pub fn exp(x: f64) -> f64 {
    x.exp()
}

/// `a / b`, or `otherwise` where `b` is not positive.
pub fn ratio(a: f64, b: f64, otherwise: f64) -> f64 {
    if b > 0.0 { a / b } else { otherwise }
}
