// Judges a published folder with golang.org/x/mod/sumdb/note and tlog, which know nothing of AuditMesh.
//
//	judge note DIR VKEY     DIR/checkpoint is a note that VKEY signed
//	judge record DIR VKEY   DIR/proof/7.tlog-proof leads from DIR/proof/7.entry to its checkpoint
//	judge tiles DIR VKEY    the tiles of DIR lead to the root of its checkpoint, and every bundled entry to its leaf
//	judge tree DIR VKEY     DIR/consistency ties DIR/checkpoint.0 to DIR/checkpoint.1
//
// Exit code 1: refused. Exit code 2: not judged.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	judges := map[string]func(dir, key string) (string, error){
		"note": judgeNote, "record": judgeRecord, "tiles": judgeTiles, "tree": judgeTree,
	}
	if len(os.Args) != 4 || judges[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "judge note|record|tiles|tree DIR VKEY")
		os.Exit(2)
	}
	said, err := judges[os.Args[1]](os.Args[2], os.Args[3])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println(said)
}

// read gives a file, or ends: what cannot be read is not judged.
func read(dir string, name ...string) []byte {
	data, err := os.ReadFile(filepath.Join(append([]string{dir}, name...)...))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return data
}

// open verifies a checkpoint and gives its tree.
func open(data []byte, key string) (tree tlog.Tree, signers int, err error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, 0, err
	}
	signed, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tree, 0, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tree, 0, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, 0, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, len(signed.Sigs) + len(signed.UnverifiedSigs), err
}

func judgeNote(dir, key string) (string, error) {
	tree, lines, err := open(read(dir, "checkpoint"), key)
	return fmt.Sprintf("note.Open: size %d, one of %d lines verified", tree.N, lines), err
}

func judgeRecord(dir, key string) (string, error) {
	parts := bytes.SplitN(read(dir, "proof", "7.tlog-proof"), []byte("\n\n"), 2)
	if len(parts) != 2 {
		return "", fmt.Errorf("no proof file")
	}
	tree, _, err := open(parts[1], key)
	if err != nil {
		return "", err
	}
	lines := strings.Split(string(parts[0]), "\n")
	for len(lines) > 1 && !strings.HasPrefix(lines[1], "index ") {
		lines = lines[1:]
	}
	if len(lines) < 2 {
		return "", fmt.Errorf("no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		proof = append(proof, hash)
	}
	leaf := tlog.RecordHash(read(dir, "proof", "7.entry"))
	err = tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf)
	return fmt.Sprintf("tlog.CheckRecord: entry %d of %d, %d hashes", index, tree.N, len(proof)), err
}

// folder reads tiles as tlog asks for them; only the name of a tile is ours to translate.
type folder string

func (dir folder) Height() int                     { return height }
func (dir folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (dir folder) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, tile := range tiles {
		path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
		data, err := os.ReadFile(filepath.Join(string(dir), "tile", path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// memory keeps the stored hashes of a tree that is built anew.
type memory []tlog.Hash

func (all *memory) add(leaf tlog.Hash, n int64) error {
	hashes, err := tlog.StoredHashesForRecordHash(n, leaf, all)
	*all = append(*all, hashes...)
	return err
}

func (all *memory) ReadHashes(indexes []int64) (hashes []tlog.Hash, err error) {
	for _, index := range indexes {
		hashes = append(hashes, (*all)[index])
	}
	return hashes, nil
}

// judgeTiles also builds the tree anew: the reader of x/mod 0.7.0 takes some tiles unchecked, which hold hashes that the
// root is not made of directly.
func judgeTiles(dir, key string) (string, error) {
	tree, _, err := open(read(dir, "checkpoint"), key)
	if err != nil {
		return "", err
	}
	reader := tlog.TileHashReader(tree, folder(dir))
	var built memory
	for first := int64(0); first < tree.N; first += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: 1 << height}
		if tree.N-first < 1<<height {
			tile.W = int(tree.N - first)
		}
		path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/data/", height))
		bundle := read(dir, "tile", "entries", path)
		var indexes []int64
		var leaves []tlog.Hash
		for n := 0; n < tile.W; n++ {
			if len(bundle) < 2 || len(bundle)-2 < int(bundle[0])<<8|int(bundle[1]) {
				return "", fmt.Errorf("bundle %s is cut off", path)
			}
			end := 2 + (int(bundle[0])<<8 | int(bundle[1]))
			leaves = append(leaves, tlog.RecordHash(bundle[2:end]))
			indexes = append(indexes, tlog.StoredHashIndex(0, first+int64(n)))
			bundle = bundle[end:]
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return "", err
		}
		for n, hash := range hashes {
			if hash != leaves[n] {
				return "", fmt.Errorf("entry %d is not its leaf", first+int64(n))
			}
			if err := built.add(hash, first+int64(n)); err != nil {
				return "", err
			}
		}
	}
	root, err := tlog.TreeHash(tree.N, &built)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the leaves lead to another root")
	}
	return fmt.Sprintf("tlog.TileHashReader, TreeHash: %d leaves lead to the root, every entry to its leaf", tree.N), err
}

func judgeTree(dir, key string) (string, error) {
	older, _, err := open(read(dir, "checkpoint.0"), key)
	if err != nil {
		return "", err
	}
	newer, _, err := open(read(dir, "checkpoint.1"), key)
	if err != nil {
		return "", err
	}
	var proof tlog.TreeProof
	for _, line := range strings.Fields(string(read(dir, "consistency"))) {
		hash, err := hex.DecodeString(line)
		if err != nil || len(hash) != tlog.HashSize {
			return "", fmt.Errorf("%q is no hash", line)
		}
		parsed, err := tlog.ParseHash(base64.StdEncoding.EncodeToString(hash))
		if err != nil {
			return "", err
		}
		proof = append(proof, parsed)
	}
	err = tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
	return fmt.Sprintf("tlog.CheckTree: %d leaves continue %d, %d hashes", newer.N, older.N, len(proof)), err
}
