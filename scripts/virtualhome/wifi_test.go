package main

import (
	"os"
	"testing"
)

func TestWiFiLaboratory(t *testing.T) {
	if os.Getenv("CAREBOX_WIFILAB") == "" {
		t.Skip("wifi ring: set CAREBOX_WIFILAB=1 in the laboratory's machine")
	}
	told := &telling{House: openHouse(t, Options{WiFi: true})}
	for _, s := range laboratory().steps {
		if !t.Run(s.name, func(t *testing.T) {
			f, err := s.tell(t.Context(), told)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(f)
		}) {
			t.Fatal("the cases after it would begin in the wrong place")
		}
	}
}
