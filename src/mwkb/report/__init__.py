"""Show an assessment: as text, JSON, CSV or Turtle. Nothing is worked out here."""
