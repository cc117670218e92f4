package proof

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/mod/sumdb/note"

	"chuangwei/internal/kit/db"
)

// Key is the county's signer and the public key that goes with it. The pair is
// made the first time, under the county's name, and stays. The private key
// lies in the settings for now: whoever can write the database can also sign,
// and only checkpoints kept elsewhere speak against him.
func Key(tx *db.Tx, county string) (signer note.Signer, verifierKey string, err error) {
	secret, err := privateKey(tx)
	if errors.Is(err, db.ErrNone) {
		if secret, _, err = note.GenerateKey(rand.Reader, keyName(county)); err == nil {
			err = putPrivateKey(tx, secret)
		}
	}
	if err != nil {
		return nil, "", err
	}
	if signer, err = note.NewSigner(secret); err != nil {
		return nil, "", fmt.Errorf("proof: setting %s: %w", keySetting, err)
	}
	verifierKey, err = publicKey(secret)
	return signer, verifierKey, err
}

// publicKey derives the verifier key from a private key in note's spelling,
// "PRIVATE+KEY+name+hash+base64(algorithm, seed)".
func publicKey(secret string) (string, error) {
	parts := strings.SplitN(secret, "+", 5)
	if len(parts) != 5 {
		return "", fmt.Errorf("proof: setting %s is no private key", keySetting)
	}
	raw, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return "", fmt.Errorf("proof: setting %s is no private key", keySetting)
	}
	public := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(parts[2], public)
}

// keyName makes a county's name fit for a key: without spaces and plus signs.
func keyName(county string) string {
	name := strings.Map(func(r rune) rune {
		if r == '+' || unicode.IsSpace(r) {
			return '-'
		}
		return r
	}, strings.ToValidUTF8(strings.TrimSpace(county), "-"))
	if name == "" {
		return "chuangwei"
	}
	return name
}
