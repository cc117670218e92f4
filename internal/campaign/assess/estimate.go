package assess

import "chuangwei/internal/kit/db"

func before(tx *db.Tx, packID string) (*Before, error) { return nil, nil }
