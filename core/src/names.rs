//! Enums whose variants have public names.

/// Declares an enum with its names: `name`, `from_name` (ignoring ASCII case, I3), serde and schema.
macro_rules! names {
    ($(#[$meta:meta])* $vis:vis enum $Name:ident { $($(#[$variant_meta:meta])* $Variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $Name { $($(#[$variant_meta])* $Variant,)+ }

        #[allow(dead_code, reason = "not every enum is read as well as written")]
        impl $Name {
            /// All variants, in their documented order.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)+];
            /// The public names, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($text,)+];

            /// The public name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Variant => $text,)+ }
            }

            /// The variant with this name, ignoring ASCII case (I3).
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$Variant),)+
                    _ => Self::ALL.iter().copied().find(|variant| variant.name().eq_ignore_ascii_case(name)),
                }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit_variant(stringify!($Name), *self as u32, self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::from_name(&text).ok_or_else(|| serde::de::Error::unknown_variant(&text, Self::NAMES))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $Name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($Name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": Self::NAMES })
            }
        }
    };
}
pub(crate) use names;
