// Package services puts the services together: the one place where they are made.
package services

import (
	"vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/office"
	"vanthu/internal/register"
)

// Config is what the services are made from. Its zero value makes documents from the embedded templates and fonts, without a store.
type Config = office.Config

// Services is all that a user can ask of the program, but for batches and accounts.
type Services struct {
	Office   *office.Service
	Register *register.Service
	Maker    *maker.Service
	Desk     *desk.Service
}

// Open makes the services. There are none where findings block.
func Open(config Config) (*Services, diag.Findings, error) {
	settings, found, err := office.New(config)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	numbers := register.New(settings, config.Store)
	documents := maker.New(settings, numbers)
	return &Services{settings, numbers, documents, desk.New(documents, config.Store, config.Files)}, found, nil
}
