package api

import (
	"slices"

	"chuangwei/internal/plan/roster"
)

// route is one line of the table of endpoints.
type route struct {
	pattern string
	open    bool // no sign-in needed
	handle  handler
}

// routes is the whole table; what a pattern does is said in openapi.yaml.
func (s *Server) routes() []route {
	return slices.Concat(s.signingRoutes(), s.registerRoutes(), s.standardRoutes(), s.inspectionRoutes(), s.evidenceRoutes(), s.assessRoutes(), s.caseRoutes(), s.dutyRoutes(), s.outsideRoutes())
}

func (s *Server) signingRoutes() []route {
	return []route{
		{"POST /api/session", true, s.signIn},
		{"DELETE /api/session", true, s.signOut},
		{"GET /api/session/doors", true, s.doors},
		{"POST /api/session/passkey/begin", true, s.beginEntry},
		{"POST /api/session/passkey", true, s.enter},
		{"POST /api/session/provider", true, s.toProvider},
		{"GET /api/session/provider", true, s.fromProvider},
		{"GET /api/doors", false, s.ownDoors},
		{"POST /api/passkeys/begin", false, s.beginKey},
		{"POST /api/passkeys", false, s.addKey},
		{"POST /api/passkeys/remove", false, s.removeKey},
		{"POST /api/identities", false, s.linkProvider},
		{"POST /api/identities/remove", false, s.unlink},
		{"GET /api/me", false, s.me},
		{"GET /api/sessions", false, s.listSessions},
		{"POST /api/sessions/end", false, s.endSessions},
		{"POST /api/password", false, s.setPassword},
		{"GET /api/leaves", false, s.listLeaves},
		{"POST /api/leaves", false, s.goAway},
		{"POST /api/leaves/{id}/cancel", false, s.comeBack},
		{"GET /api/second", false, s.hasSecond},
		{"POST /api/second", false, s.beginSecond},
		{"POST /api/second/confirm", false, s.confirmSecond},
		{"POST /api/second/remove", false, s.removeSecond},
		{"POST /api/suggestions", false, s.suggest},
	}
}

func (s *Server) registerRoutes() []route {
	return []route{
		{"GET /api/today", true, s.today},
		{"GET /api/kinds", true, s.kinds},
		{"GET /api/units", false, s.units},
		{"GET /api/persons", false, s.persons},
		{"GET /api/areas", false, s.areas},
		{"GET /api/areas.geojson", false, s.areaShapes},
		{"POST /api/areas.geojson", false, s.putOutlines},
		{"GET /api/areas/seams", false, s.areaSeams},
		{"GET /api/basemap.geojson", true, s.baseMap},
		{"GET /api/places", false, s.places},
		{"GET /api/places/{code}", false, s.place},
		{"GET /api/places/{code}/qr.svg", false, s.placeQR},

		{"GET /api/registers.xlsx", false, s.getWorkbook},
		{"POST /api/registers.xlsx", false, s.putWorkbook},
	}
}

func (s *Server) standardRoutes() []route {
	return []route{
		{"GET /api/packs", false, s.listPacks},
		{"GET /api/packs/{pack}", false, s.getPack},
		{"GET /api/packs/{pack}/line", false, s.getPackLine},
		{"POST /api/packs/{pack}/line", false, s.correctPack},
		{"POST /api/packs/{pack}/active", false, s.activatePack},
		{"GET /api/packs/{pack}/history", false, s.packHistory},
		{"GET /api/packs/{pack}/workbook.xlsx", false, s.getPackBook},
		{"POST /api/packs/{pack}/workbook.xlsx", false, s.putPackBook},
	}
}

func (s *Server) inspectionRoutes() []route {
	return []route{
		{"GET /api/checklists", false, s.listChecklists},
		{"GET /api/inspections", false, s.listInspections},
		{"POST /api/inspections", false, s.makeInspection},
		{"GET /api/inspections/due", false, s.listDue},
		{"GET /api/inspections/coverage", false, s.getCoverage},
		{"GET /api/inspections/{id}", false, s.getInspection},
		{"GET /api/inspection-plans", false, s.listPlans},
		{"POST /api/inspection-plans", false, s.addPlan},
		{"POST /api/inspection-plans/{id}/end", false, s.endPlan},
		{"GET /api/vectors", false, s.getVectors},
		{"GET /api/walk", false, s.getWalk},
	}
}

func (s *Server) assessRoutes() []route {
	return []route{
		{"GET /api/rounds", false, s.listRounds},
		{"POST /api/rounds", false, s.makeRound},
		{"GET /api/rounds/form", false, s.roundForm},
		{"GET /api/rounds/{id}", false, s.getRound},
		{"POST /api/rounds/{id}", false, s.changeRound},
		{"POST /api/rounds/{id}/begin", false, s.beginRound},
		{"POST /api/rounds/{id}/places", false, s.setSpots},
		{"GET /api/rounds/{id}/sheets/{expert}", false, s.getSheet},
		{"POST /api/rounds/{id}/visits", false, s.visitSpot},
		{"POST /api/rounds/{id}/marks", false, s.judgeLines},
		{"POST /api/rounds/{id}/findings/{finding}/withdraw", false, s.withdrawFinding},
		{"POST /api/rounds/{id}/finish", false, s.finishRound},
		{"GET /api/rounds/{id}/result", false, s.getResult},
		{"GET /api/rounds/{id}/recount", false, s.countAgain},
		{"GET /api/rounds/{id}/losses", false, s.listDebts},
		{"POST /api/rounds/{id}/losses", false, s.settleDebts},
		{"GET /api/rounds/{id}/compare", false, s.compareRounds},
		{"GET /api/sheets/mine", false, s.mySheets},
		{"GET /api/estimate", false, s.getEstimate},
		{"GET /api/indicators", false, s.listIndicators},
		{"POST /api/indicators", false, s.recordFigure},
	}
}

func (s *Server) evidenceRoutes() []route {
	return []route{
		{"GET /api/evidence", false, s.getLedger},
		{"GET /api/evidence/slots/{slot}", false, s.getSlot},
		{"POST /api/evidence/slots/{slot}/ask", false, s.askSlot},
		{"GET /api/evidence/proposal", false, s.proposePaper},
		{"GET /api/papers", false, s.listPapers},
		{"POST /api/papers", false, s.filePaper},
		{"GET /api/papers/{id}", false, s.getPaper},
		{"GET /api/papers/{id}/file", false, s.getPaperFile},
		{"POST /api/papers/{id}/slots", false, s.hangPaper},
		{"POST /api/papers/{id}/check", false, s.checkPaper},
		{"POST /api/papers/{id}/withdraw", false, s.withdrawPaper},
		{"GET /api/archives", false, s.listArchives},
		{"POST /api/archives", false, s.makeArchive},
		{"GET /api/archives/{id}", false, s.getArchive},
		{"GET /api/archives/{id}/file", false, s.getArchiveFile},
	}
}

func (s *Server) caseRoutes() []route {
	return []route{
		{"GET /api/cases", false, s.listCases},
		{"POST /api/cases", false, s.reportCase},
		{"GET /api/cases/points", false, s.casePoints},
		{"GET /api/cases/export", false, s.exportCases},
		{"POST /api/cases/import", false, s.importCases},
		{"GET /api/cases/{id}", false, s.getCase},
		{"POST /api/cases/{id}/moves", false, s.moveCase},
		{"GET /api/cases/{id}/checks", false, s.caseChecks},
		{"GET /api/cases/{id}/duplicates", false, s.caseDuplicates},
		{"GET /api/cases/{id}/orders", false, s.caseOrders},
		{"GET /api/board", false, s.board},
		{"GET /api/live", false, s.stream},

		{"GET /api/photos/{sum}", true, s.getPhoto}, // HEAD is open, GET asks who

	}
}

func (s *Server) dutyRoutes() []route {
	return []route{
		{"GET /api/duties", false, s.listDuties},
		{"POST /api/duties", false, s.planDuty},
		{"GET /api/duties.xlsx", false, s.exportDuties},
		{"POST /api/duties.xlsx", false, s.importDuties},
		{"GET /api/duties/mine", false, s.myDuties},
		{"GET /api/duties/{id}", false, s.getDuty},
		{"POST /api/duties/{id}", false, s.changeDuty},
		{"POST /api/duties/{id}/cancel", false, s.cancelDuty},
		{"POST /api/duties/{id}/confirm", false, s.confirmDuty},
		{"GET /api/duties/{id}/partners", false, s.dutyPartners},
		{"POST /api/duties/{id}/asks", false, s.askDuty},
		{"POST /api/duties/{id}/handover", false, s.handOver},
		{"POST /api/duties/{id}/help", false, s.callHelp},
		{"POST /api/handovers/{id}/take", false, s.takeOver},
		{"GET /api/asks", false, s.listAsks},
		{"POST /api/asks/{id}/settle", false, s.settleAsk},
		{"POST /api/asks/{id}/withdraw", false, s.withdrawAsk},
		{"GET /api/duty-kinds", false, s.dutyKinds},
		{"POST /api/duty-kinds/{id}", false, s.setTakes},
		{"GET /api/teams", false, s.listTeams},
		{"POST /api/teams", false, s.putTeam},

		{"GET /api/rosters", false, s.listRosters},
		{"POST /api/rosters", false, s.makeRoster},
		{"GET /api/rosters/{id}", false, s.getRoster},
		{"POST /api/rosters/{id}/try", false, s.tryRoster},
		{"POST /api/rosters/{id}/stop", false, s.stopRoster},
		{"POST /api/rosters/{id}/keep", false, s.decideRoster(roster.Keep)},
		{"POST /api/rosters/{id}/drop", false, s.decideRoster(roster.Drop)},
		{"POST /api/rosters/{id}/publish", false, s.publishRoster},
		{"POST /api/rosters/{id}/rename", false, s.renameRoster},
		{"POST /api/rosters/{id}/remove", false, s.removeRoster},
		{"GET /api/rosters/{id}/squads", false, s.rosterSquads},
		{"GET /api/rosters/{id}/why", false, s.rosterWhy},
		{"GET /api/rosters/{id}/share", false, s.rosterShare},
		{"GET /api/roster-people", false, s.listMembers},
		{"POST /api/roster-people/{id}", false, s.setMember},
		{"GET /api/wishes", false, s.listWishes},
		{"POST /api/wishes", false, s.setWish},
	}
}

// outsideRoutes are for residents and for other programs.
func (s *Server) outsideRoutes() []route {
	return []route{
		{"GET /api/public/places/{code}", true, s.publicPlace},
		{"POST /api/public/reports", true, s.publicReport},
		{"GET /api/public/reports/{code}", true, s.followReport},

		{"GET /api/feeds", false, s.listFeeds},
		{"POST /api/feeds", false, s.makeFeed},
		{"POST /api/feeds/{id}/end", false, s.endFeed},
		{"GET /api/ical/{secret}", true, s.calendarOf},

		{"GET /api/hooks", false, s.listHooks},
		{"POST /api/hooks", false, s.addHook},
		{"POST /api/hooks/{id}/end", false, s.endHook},
		{"POST /api/hooks/{id}/replay", false, s.replayHook},
		{"GET /api/hooks/{id}/deliveries", false, s.hookDeliveries},

		{"GET /api/proof/export", false, s.exportLog},
		{"GET /api/proof/checkpoint", true, s.checkpoint},
		{"GET /api/openapi.yaml", true, s.contract},
	}
}
