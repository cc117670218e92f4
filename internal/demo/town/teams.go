package town

import "fmt"

// Team kinds.
const (
	PartyVanguard = "party"     // 党员先锋队
	YouthShock    = "youth"     // 青年突击队
	WomenTeam     = "women"     // 巾帼志愿服务队
	CommunityTeam = "community" // 社区志愿服务队
	ElderTeam     = "elder"     // 夕阳红志愿服务队
	MarketCrew    = "market"    // 市场驻点工作队
)

// Team is one team of volunteers or cadres.
type Team struct {
	Code, Name, Kind string
	Unit             string // unit code of the body behind it
	// Leader is a name; LeaderCode is the person code when the leader is a cadre.
	Leader, LeaderCode string
	Members            int
}

// teamSorts says how many teams of each kind there are and whose units stand behind them.
var teamSorts = []struct {
	kind, name string
	count      int
	sorts      []string
	low, high  int
}{
	{PartyVanguard, "党员先锋队", 35, []string{"government", "party", "justice"}, 8, 24},
	{YouthShock, "青年突击队", 6, []string{"public"}, 15, 30},
	{WomenTeam, "巾帼志愿服务队", 12, []string{"public", "company", "township"}, 10, 22},
	{CommunityTeam, "志愿服务队", 4, []string{"community"}, 20, 45},
	{ElderTeam, "“夕阳红”志愿服务队", 6, []string{"community"}, 10, 18},
}

// formTeams sets up the 63 teams and the standing market team.
func (t *Town) formTeams() {
	r := t.stream("teams")
	elders := newNamer(t.stream("elders"))
	for _, p := range t.People {
		elders.used[p.Name] = true
	}
	for _, s := range teamSorts {
		units := t.unitsOf(s.sorts)
		for i := range s.count {
			u := units[i%len(units)]
			leader := t.Person(t.Holders(UnitDeputy, u.Code)[0])
			team := Team{
				Code: fmt.Sprintf("T%02d", len(t.Teams)+1), Name: u.Short + s.name, Kind: s.kind, Unit: u.Code,
				Leader: leader.Name, LeaderCode: leader.Code, Members: s.low + r.IntN(s.high-s.low+1),
			}
			if s.kind == ElderTeam {
				team.Leader, team.LeaderCode = elders.next(), ""
			}
			t.Teams = append(t.Teams, team)
		}
	}
	t.formMarketCrew()
}

func (t *Town) formMarketCrew() {
	crew := t.Holders(MarketTeam, "")
	leader := t.Person(crew[0])
	t.Teams = append(t.Teams, Team{
		Code: fmt.Sprintf("T%02d", len(t.Teams)+1), Name: "中心农贸市场驻点工作队", Kind: MarketCrew,
		Unit: leader.Unit, Leader: leader.Name, LeaderCode: leader.Code, Members: len(crew),
	})
}

func (t *Town) unitsOf(sorts []string) []*Unit {
	var list []*Unit
	for i := range t.Units {
		for _, s := range sorts {
			if t.Units[i].Sort == s {
				list = append(list, &t.Units[i])
			}
		}
	}
	return list
}
