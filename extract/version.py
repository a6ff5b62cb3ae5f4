"""The version that every extraction carries: a change of rules, data or weights is a new one."""

PIPELINE_VERSION = "tieup_en 0.1.0"
