package policies

// MAC is a unicast EUI-48 in lower case with colons.
type MAC string

// Day is an English weekday, "Monday" to "Sunday".
type Day string

// Date is a calendar date of the home, "2006-01-02".
type Date string
