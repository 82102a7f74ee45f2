// Measures whatsmeow on the workload that bench_extract wrote: decoding of stanzas and decryption of group messages.
//
//	whatsmeow-bench WORKLOAD.json [ROUNDS]      prints one JSON object with the median of the rounds
//
// Sender-key records are kept as objects in memory, which spares it the serialising that it does in real use.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"syscall"
	"time"

	"go.mau.fi/libsignal/groups"
	"go.mau.fi/libsignal/groups/state/record"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/store"
)

type senderKey struct {
	Group        string
	Sender       string
	Device       uint32
	Distribution string
	Messages     []string
}

type workload struct {
	Nodes  []string
	Groups []senderKey
}

type memoryStore map[string]*record.SenderKey

func (m memoryStore) StoreSenderKey(_ context.Context, name *protocol.SenderKeyName, key *record.SenderKey) error {
	m[name.GroupID()+name.Sender().String()] = key
	return nil
}

func (m memoryStore) LoadSenderKey(_ context.Context, name *protocol.SenderKeyName) (*record.SenderKey, error) {
	if key, ok := m[name.GroupID()+name.Sender().String()]; ok {
		return key, nil
	}
	return record.NewSenderKey(serializer.SenderKeyRecord, serializer.SenderKeyState), nil
}

var serializer = store.SignalProtobufSerializer

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "whatsmeow-bench:", err)
		os.Exit(1)
	}
}

// Processor time of the whole process: budgets are for one core, where collecting garbage is not free.
func used() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func unhex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	must(err)
	return bytes
}

// The median of the rounds, as units a second. The first round warms and is not counted.
func measure(rounds int, units float64, round func() time.Duration) float64 {
	round()
	times := make([]float64, 0, rounds)
	for i := 0; i < rounds; i++ {
		times = append(times, round().Seconds())
	}
	sort.Float64s(times)
	return units / times[len(times)/2]
}

func decodeRate(rounds int, nodes [][]byte) float64 {
	size := 0
	for _, node := range nodes {
		size += len(node)
	}
	repeat := 1 + 40_000_000/size
	return measure(rounds, float64(size*repeat), func() time.Duration {
		start := used()
		for i := 0; i < repeat; i++ {
			for _, node := range nodes {
				body, err := binary.Unpack(node)
				must(err)
				_, err = binary.Unmarshal(body)
				must(err)
			}
		}
		return used() - start
	}) / 1e6
}

type ready struct {
	cipher   *groups.GroupCipher
	messages [][]byte
}

func prepare(keys []senderKey) []ready {
	ctx := context.Background()
	records := memoryStore{}
	builder := groups.NewGroupSessionBuilder(records, serializer)
	var all []ready
	for _, key := range keys {
		name := protocol.NewSenderKeyName(key.Group, protocol.NewSignalAddress(key.Sender, key.Device))
		distribution, err := protocol.NewSenderKeyDistributionMessageFromBytes(
			unhex(key.Distribution), serializer.SenderKeyDistributionMessage)
		must(err)
		must(builder.Process(ctx, name, distribution))
		one := ready{cipher: groups.NewGroupCipher(builder, name, records)}
		for _, message := range key.Messages {
			one.messages = append(one.messages, unhex(message))
		}
		all = append(all, one)
	}
	return all
}

func decryptRate(rounds int, keys []senderKey) float64 {
	messages := 0
	for _, key := range keys {
		messages += len(key.Messages)
	}
	ctx := context.Background()
	return measure(rounds, float64(messages), func() time.Duration {
		all := prepare(keys)
		start := used()
		for _, one := range all {
			for _, text := range one.messages {
				message, err := protocol.NewSenderKeyMessageFromBytes(text, serializer.SenderKeyMessage)
				must(err)
				_, err = one.cipher.Decrypt(ctx, message)
				must(err)
			}
		}
		return used() - start
	})
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: whatsmeow-bench WORKLOAD.json [ROUNDS]")
		os.Exit(64)
	}
	rounds := 7
	if len(os.Args) > 2 {
		parsed, err := strconv.Atoi(os.Args[2])
		must(err)
		rounds = parsed
	}
	data, err := os.ReadFile(os.Args[1])
	must(err)
	var work workload
	must(json.Unmarshal(data, &work))
	var plain [][]byte
	for _, node := range work.Nodes {
		if bytes := unhex(node); bytes[0]&2 == 0 {
			plain = append(plain, bytes)
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"peer":             "whatsmeow",
		"node_decode_mb_s": decodeRate(rounds, plain),
		"group_decrypt_s":  decryptRate(rounds, work.Groups),
		"rounds":           rounds,
	}))
}
