package api

// Patterns are the routes, as the mux spells them.
func (s *Server) Patterns() (out []string) {
	for _, r := range s.routes() {
		out = append(out, r.pattern)
	}
	return out
}

// OpenPatterns are the routes that need no sign-in.
func (s *Server) OpenPatterns() (out []string) {
	for _, r := range s.routes() {
		if r.open {
			out = append(out, r.pattern)
		}
	}
	return out
}

// PhotoOf is how the metadata of an upload is read.
var PhotoOf = photoOf
