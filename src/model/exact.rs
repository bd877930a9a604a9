//! Rational numbers of any size. Those of election results fit into two machine
//! words, and are reckoned with there.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Rem, Sub, SubAssign};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Num, One, Signed, ToPrimitive, Zero};

/// An exact rational. Nothing in scrutineer decides a verdict on a float.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exact(Parts);

/// One number has one form, so that equal ones have equal parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Parts {
    /// Numerator and denominator in lowest terms, the denominator above 0.
    Small(i64, i64),
    /// What does not fit into the other.
    Large(Box<BigRational>),
}

impl Exact {
    /// `numerator / denominator`; the denominator must not be 0.
    #[must_use]
    pub fn new(numerator: BigInt, denominator: BigInt) -> Self {
        BigRational::new(numerator, denominator).into()
    }

    #[must_use]
    pub fn from_integer(value: BigInt) -> Self {
        BigRational::from_integer(value).into()
    }

    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self(Parts::Small(value, 1))
    }

    /// A fraction of numbers that are products of machine words.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        let divisor = greatest_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap_or(1).max(1);
        let divisor = if denominator < 0 { -divisor } else { divisor };
        let parts = (numerator / divisor, denominator / divisor);
        match (i64::try_from(parts.0), i64::try_from(parts.1)) {
            (Ok(numerator), Ok(denominator)) => Self(Parts::Small(numerator, denominator)),
            _ => Self::new(parts.0.into(), parts.1.into()),
        }
    }

    /// The product of two numbers over that of two others.
    fn of_products(above: [i128; 2], below: [i128; 2]) -> Self {
        Self::reduced(above[0] * above[1], below[0] * below[1])
    }

    fn to_large(&self) -> BigRational {
        match &self.0 {
            Parts::Small(n, d) => BigRational::new_raw(BigInt::from(*n), BigInt::from(*d)),
            Parts::Large(large) => (**large).clone(),
        }
    }

    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Parts::Small(_, denominator) => *denominator == 1,
            Parts::Large(large) => large.is_integer(),
        }
    }

    /// The whole part.
    #[must_use]
    pub fn to_integer(&self) -> BigInt {
        match &self.0 {
            Parts::Small(n, d) => BigInt::from(n / d),
            Parts::Large(large) => large.to_integer(),
        }
    }

    /// The whole part, as a number.
    #[must_use]
    pub fn trunc(&self) -> Self {
        match &self.0 {
            Parts::Small(n, d) => Self::whole(n / d),
            Parts::Large(large) => large.trunc().into(),
        }
    }

    /// The largest whole number that is no larger.
    #[must_use]
    pub fn floor(&self) -> Self {
        match &self.0 {
            Parts::Small(n, d) => Self::whole(n.div_euclid(*d)),
            Parts::Large(large) => large.floor().into(),
        }
    }

    /// The smallest whole number that is no smaller.
    #[must_use]
    pub fn ceil(&self) -> Self {
        -(-self).floor()
    }

    /// 1 over it; it must not be 0.
    #[must_use]
    pub fn recip(&self) -> Self {
        Self::one() / self
    }
}

/// Euclid's; in one machine word as soon as both fit.
fn greatest_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
            return greatest_divisor_of_words(a, b).into();
        }
        (a, b) = (b, a % b);
    }
    a
}

fn greatest_divisor_of_words(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Default for Exact {
    fn default() -> Self {
        Self::whole(0)
    }
}

impl From<BigRational> for Exact {
    fn from(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(numerator), Some(denominator)) => Self(Parts::Small(numerator, denominator)),
            _ => Self(Parts::Large(Box::new(value))),
        }
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Parts::Small(a, b), Parts::Small(c, d)) if b == d => a.cmp(c),
            (Parts::Small(a, b), Parts::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.to_large().cmp(&other.to_large()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An operation on references, by the one of small numbers where both are, and
/// for numbers given away.
macro_rules! operation {
    ($Trait:ident, $name:ident, |$a:ident, $b:ident, $c:ident, $d:ident| $small:expr) => {
        impl $Trait<&Exact> for &Exact {
            type Output = Exact;

            fn $name(self, other: &Exact) -> Exact {
                if let (Parts::Small($a, $b), Parts::Small($c, $d)) = (&self.0, &other.0) {
                    let ($a, $b) = (i128::from(*$a), i128::from(*$b));
                    let ($c, $d) = (i128::from(*$c), i128::from(*$d));
                    if let Some(small) = $small {
                        return small;
                    }
                }
                self.to_large().$name(other.to_large()).into()
            }
        }

        impl $Trait<Exact> for &Exact {
            type Output = Exact;

            fn $name(self, other: Exact) -> Exact {
                self.$name(&other)
            }
        }

        impl $Trait<&Exact> for Exact {
            type Output = Exact;

            fn $name(self, other: &Exact) -> Exact {
                (&self).$name(other)
            }
        }

        impl $Trait<Exact> for Exact {
            type Output = Exact;

            fn $name(self, other: Exact) -> Exact {
                (&self).$name(&other)
            }
        }
    };
}

operation!(Add, add, |a, b, c, d| Some(if b == 1 && d == 1 {
    Exact::reduced(a + c, 1)
} else {
    Exact::reduced(a * d + c * b, b * d)
}));
operation!(Sub, sub, |a, b, c, d| Some(if b == 1 && d == 1 {
    Exact::reduced(a - c, 1)
} else {
    Exact::reduced(a * d - c * b, b * d)
}));
operation!(Mul, mul, |a, b, c, d| Some(Exact::of_products(
    [a, c],
    [b, d]
)));
operation!(Div, div, |a, b, c, d| (c != 0)
    .then(|| Exact::of_products([a, d], [b, c])));
operation!(Rem, rem, |_a, _b, _c, _d| None);

macro_rules! assignment {
    ($Trait:ident, $name:ident, $operation:ident) => {
        impl $Trait<&Exact> for Exact {
            fn $name(&mut self, other: &Exact) {
                *self = (&*self).$operation(other);
            }
        }

        impl $Trait for Exact {
            fn $name(&mut self, other: Exact) {
                *self = (&*self).$operation(&other);
            }
        }
    };
}

assignment!(AddAssign, add_assign, add);
assignment!(SubAssign, sub_assign, sub);
assignment!(MulAssign, mul_assign, mul);

impl Neg for &Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        match &self.0 {
            Parts::Small(n, d) => Exact::reduced(-i128::from(*n), i128::from(*d)),
            Parts::Large(large) => (-(**large).clone()).into(),
        }
    }
}

impl Neg for Exact {
    type Output = Self;

    fn neg(self) -> Self {
        -&self
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::zero(), |sum, value| sum + value)
    }
}

impl<'a> Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(values: I) -> Self {
        values.fold(Self::zero(), |sum, value| sum + value)
    }
}

impl Zero for Exact {
    fn zero() -> Self {
        Self::whole(0)
    }

    fn is_zero(&self) -> bool {
        matches!(self.0, Parts::Small(0, _))
    }
}

impl One for Exact {
    fn one() -> Self {
        Self::whole(1)
    }
}

impl Num for Exact {
    type FromStrRadixErr = <BigRational as Num>::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        BigRational::from_str_radix(text, radix).map(Into::into)
    }
}

impl Signed for Exact {
    fn abs(&self) -> Self {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    fn abs_sub(&self, other: &Self) -> Self {
        (self - other).max(Self::zero())
    }

    fn signum(&self) -> Self {
        Self::whole(i64::from(self.is_positive()) - i64::from(self.is_negative()))
    }

    fn is_positive(&self) -> bool {
        match &self.0 {
            Parts::Small(numerator, _) => *numerator > 0,
            Parts::Large(large) => large.is_positive(),
        }
    }

    fn is_negative(&self) -> bool {
        match &self.0 {
            Parts::Small(numerator, _) => *numerator < 0,
            Parts::Large(large) => large.is_negative(),
        }
    }
}

impl ToPrimitive for Exact {
    fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Parts::Small(n, d) => Some(n / d),
            Parts::Large(large) => large.to_i64(),
        }
    }

    fn to_u64(&self) -> Option<u64> {
        self.to_integer().to_u64()
    }

    fn to_i128(&self) -> Option<i128> {
        self.to_integer().to_i128()
    }

    fn to_f64(&self) -> Option<f64> {
        self.to_large().to_f64()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Of any size, those at the ends of a machine word among them.
    fn any_exact() -> impl Strategy<Value = (Exact, BigRational)> {
        let ends = prop_oneof![
            Just(0_i128),
            Just(i128::from(i64::MAX)),
            Just(i128::from(i64::MIN)),
            -1000_i128..1000,
            any::<i64>().prop_map(i128::from),
            any::<i128>(),
        ];
        let below = prop_oneof![1_i128..1000, 1..=i128::from(i64::MAX), 1..i128::MAX];
        (ends, below).prop_map(|(numerator, denominator)| {
            let large = BigRational::new(numerator.into(), denominator.into());
            (large.clone().into(), large)
        })
    }

    proptest! {
        #[test]
        fn small_numbers_are_reckoned_with_as_large_ones_are(
            (a, large_a) in any_exact(),
            (b, large_b) in any_exact(),
        ) {
            prop_assert_eq!(&a + &b, Exact::from(&large_a + &large_b));
            prop_assert_eq!(&a - &b, Exact::from(&large_a - &large_b));
            prop_assert_eq!(&a * &b, Exact::from(&large_a * &large_b));
            if !b.is_zero() {
                prop_assert_eq!(&a / &b, Exact::from(&large_a / &large_b));
                prop_assert_eq!(&a % &b, Exact::from(&large_a % &large_b));
            }
            prop_assert_eq!(a.cmp(&b), large_a.cmp(&large_b));
            prop_assert_eq!(-&a, Exact::from(-large_a.clone()));
            prop_assert_eq!(a.abs(), Exact::from(large_a.abs()));
            prop_assert_eq!(a.floor(), Exact::from(large_a.floor()));
            prop_assert_eq!(a.ceil(), Exact::from(large_a.ceil()));
            prop_assert_eq!(a.trunc(), Exact::from(large_a.trunc()));
            prop_assert_eq!(a.to_integer(), large_a.to_integer());
            prop_assert_eq!(a.to_i64(), large_a.to_i64());
            prop_assert_eq!(a.is_integer(), large_a.is_integer());
        }
    }
}
