package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// The fixed parts of a DOCX as Word, WPS and LibreOffice open it.
const (
	docxTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>`
	docxRels  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>`
	docxApp   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Pages>%d</Pages></Properties>`
)

// DOCX writes a plain text document: a title and paragraphs on A4 with the
// margins of official documents.
func DOCX(title string, paragraphs []string) ([]byte, error) {
	var body strings.Builder
	body.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	para := func(props, run, text string) error {
		body.WriteString(`<w:p><w:pPr>` + props + `</w:pPr><w:r><w:rPr>` + run + `</w:rPr><w:t xml:space="preserve">`)
		if err := xml.EscapeText(&body, []byte(text)); err != nil {
			return err
		}
		body.WriteString(`</w:t></w:r></w:p>`)
		return nil
	}
	err := para(`<w:jc w:val="center"/>`, `<w:b/><w:sz w:val="44"/>`, title)
	for _, p := range paragraphs {
		if err == nil {
			err = para(`<w:ind w:firstLineChars="200"/>`, `<w:sz w:val="32"/>`, p)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("document: docx: %w", err)
	}
	body.WriteString(`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:bottom="1984" w:left="1587" w:right="1474"/></w:sectPr></w:body></w:document>`)
	return packed([][2]string{{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRels}, {"word/document.xml", body.String()}, {"docProps/app.xml", fmt.Sprintf(docxApp, 1+len(paragraphs)/12)}})
}

func packed(parts [][2]string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p[0], Method: zip.Deflate})
		if err == nil {
			_, err = w.Write([]byte(p[1]))
		}
		if err != nil {
			return nil, fmt.Errorf("document: docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("document: docx: %w", err)
	}
	return out.Bytes(), nil
}
