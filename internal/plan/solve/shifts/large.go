package shifts

// raiseLarge is the bound where the program over everything is too large.
func (h *hunt) raiseLarge() {}
