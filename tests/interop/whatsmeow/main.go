// One real WhatsApp client (whatsmeow), driven over its standard streams like ../client.mjs: JSON lines in, JSON lines out.
//
//	whatsmeow URL CA_FILE ROOT_KEY
//
// in    {"do":"post","group","text","tag"}  {"do":"edit","group","id","text","tag"}  {"do":"revoke","group","id","tag"}  {"do":"quit"}
// out   {"event":"qr","text"}  {"event":"open","me":{"id","lid"}}  {"event":"done","tag","result":{"id"}}  {"event":"failed","tag","why"}
//
//	{"event":"message","chat","sender","id","text","kind"}  {"event":"undecryptable","chat","sender","id"}
//
// {"do":"offline"} and {"do":"online"} leave the service and come back. ROOT_KEY (hexadecimal) takes the place of the service's own;
// credentials live in memory, and in the file $INTEROP_STATE where that is set.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
	_ "modernc.org/sqlite"
)

var stdout sync.Mutex

func say(event map[string]any) {
	stdout.Lock()
	defer stdout.Unlock()
	line, _ := json.Marshal(event)
	os.Stdout.Write(append(line, '\n'))
}

func must(err error) {
	if err != nil {
		say(map[string]any{"event": "failed", "why": err.Error()})
		os.Exit(1)
	}
}

// The address is built in: every connection for it goes to the one that was asked for.
func towards(address, caFile string) *http.Client {
	where, err := url.Parse(address)
	must(err)
	ca, err := os.ReadFile(caFile)
	must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: where.Hostname(), MinVersion: tls.VersionTLS13},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, where.Host)
		},
	}}
}

func textOf(m *waE2E.Message) string {
	switch {
	case m.GetConversation() != "":
		return m.GetConversation()
	case m.GetExtendedTextMessage() != nil:
		return m.GetExtendedTextMessage().GetText()
	case m.GetImageMessage() != nil:
		return m.GetImageMessage().GetCaption()
	}
	return textOf2(m.GetProtocolMessage().GetEditedMessage())
}

func textOf2(m *waE2E.Message) string {
	if m == nil {
		return ""
	}
	return m.GetConversation() + m.GetExtendedTextMessage().GetText()
}

// In the words of `vestari events`.
func kindOf(e *events.Message) string {
	control := e.Message.GetProtocolMessage()
	switch {
	case control == nil:
		return "text"
	case control.GetType() == waE2E.ProtocolMessage_REVOKE:
		return "revoke"
	case control.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT:
		return "edit"
	}
	return "other"
}

type order struct{ Do, Group, Text, ID, Tag string }

func obey(ctx context.Context, client *whatsmeow.Client, o order) (any, error) {
	group, err := types.ParseJID(o.Group)
	if err != nil {
		return nil, err
	}
	message := &waE2E.Message{Conversation: proto.String(o.Text)}
	switch o.Do {
	case "edit":
		message = client.BuildEdit(group, o.ID, message)
	case "revoke":
		message = client.BuildRevoke(group, types.EmptyJID, o.ID)
	}
	sent, err := client.SendMessage(ctx, group, message)
	return map[string]any{"id": sent.ID}, err
}

func main() {
	ctx := context.Background()
	root, err := hex.DecodeString(os.Args[3])
	must(err)
	copy(whatsmeow.WACertPubKey[:], root)

	level := waLog.Noop
	if os.Getenv("INTEROP_LOG") != "" {
		level = waLog.Stdout("client", "DEBUG", false)
	}
	database := "file::memory:?_pragma=foreign_keys(1)&cache=shared"
	if file := os.Getenv("INTEROP_STATE"); file != "" {
		database = "file:" + file + "?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)"
	}
	container, err := sqlstore.New(ctx, "sqlite", database, level)
	must(err)
	device, err := container.GetFirstDevice(ctx)
	must(err)
	client := whatsmeow.NewClient(device, level)
	web := towards(os.Args[1], os.Args[2])
	client.SetWebsocketHTTPClient(web)
	client.SetPreLoginHTTPClient(web)
	client.AddEventHandler(func(raw any) {
		switch e := raw.(type) {
		case *events.Connected:
			if client.Store.ID != nil {
				say(map[string]any{"event": "open", "me": map[string]any{"id": client.Store.ID.String(), "lid": client.Store.LID.String()}})
			}
		case *events.Message:
			say(map[string]any{"event": "message", "chat": e.Info.Chat.String(), "sender": e.Info.Sender.ToNonAD().String(), "id": e.Info.ID,
				"text": textOf(e.Message), "kind": kindOf(e)})
		case *events.UndecryptableMessage:
			say(map[string]any{"event": "undecryptable", "chat": e.Info.Chat.String(), "sender": e.Info.Sender.ToNonAD().String(), "id": e.Info.ID})
		}
	})

	if device.ID == nil {
		codes, err := client.GetQRChannel(ctx)
		must(err)
		go func() {
			for code := range codes {
				if code.Event == "code" {
					say(map[string]any{"event": "qr", "text": code.Code})
				}
			}
		}()
	}
	must(client.Connect())

	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o order
		must(json.Unmarshal(lines.Bytes(), &o))
		if o.Do == "quit" {
			break
		}
		if o.Do == "offline" {
			client.Disconnect()
			continue
		}
		if o.Do == "online" {
			must(client.Connect())
			continue
		}
		result, err := obey(ctx, client, o)
		if err != nil {
			say(map[string]any{"event": "failed", "tag": o.Tag, "why": err.Error()})
			continue
		}
		say(map[string]any{"event": "done", "tag": o.Tag, "result": result})
	}
	client.Disconnect()
}
