package api

import (
	"fmt"
	"io"

	"rsc.io/qr"
)

// quiet is the blank border a QR code needs, in modules.
const quiet = 4

// writeQR draws a code as SVG, one path, one unit per module.
func writeQR(w io.Writer, c *qr.Code) {
	n := c.Size + 2*quiet
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, n, n, n, n)
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) {
				fmt.Fprintf(w, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	io.WriteString(w, `"/></svg>`)
}
