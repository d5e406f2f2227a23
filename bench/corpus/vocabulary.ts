/** The words that invented news is made of: many, so that two stories share them by chance only. */

const list = (text: string): string[] => text.trim().split(/\s+/);
const lines = (text: string): string[] => text.trim().split(/\s*;\s*/);

export const NOUNS = list(`
  harbour bridge council budget tunnel railway orchard reservoir turbine ferry glacier satellite vaccine museum airport
  refinery pipeline quarry vineyard lighthouse archive stadium hospital laboratory library monastery observatory theatre
  warehouse workshop factory market bakery brewery cannery shipyard sawmill foundry dairy plantation greenhouse fishery
  coastline estuary canyon valley meadow forest island peninsula district suburb village township province border
  treaty tariff subsidy pension mortgage dividend licence permit patent contract auction tender audit census referendum
  ballot petition verdict appeal inquiry hearing sentence warrant statute charter decree ordinance regulation guideline
  drought flood storm blizzard landslide earthquake wildfire heatwave epidemic shortage surplus strike protest blockade
  curfew evacuation rescue ceasefire summit embassy delegation envoy mediator observer volunteer surgeon engineer
  architect composer novelist sculptor farmer miner pilot sailor teacher student pensioner tenant landlord commuter
  locomotive tractor helicopter submarine generator battery sensor antenna microscope furnace compressor excavator
  elevator escalator conveyor reactor transformer insulator cable fibre alloy polymer cement granite timber copper
  lithium cobalt uranium wheat barley rapeseed soybean coffee cocoa cotton rubber sugar salmon herring cattle poultry
  orchestra festival exhibition tournament marathon regatta championship league referee goalkeeper sprinter cyclist
  algorithm database network keyboard browser firmware protocol password backup server software archive dataset
  genome enzyme protein antibody bacterium fungus pollen mammal reptile falcon heron otter beaver lynx badger
`);

export const ADJECTIVES = list(`
  northern southern coastal rural municipal federal provincial private public ageing restored abandoned flooded crowded
  narrow ambitious cautious disputed delayed temporary permanent emergency seasonal annual secret unexpected costly
  popular historic wooden concrete electric solar nuclear digital medical industrial agricultural financial cultural
  maritime regional independent joint bilateral voluntary mandatory modest steep sharp gradual sudden preliminary final
  partial severe mild rare common fragile robust obsolete experimental commercial domestic foreign overseas disused
  quiet bitter lengthy swift narrow unpaid overdue generous controversial unanimous anonymous confidential detailed
`);

export const VERBS = list(`
  approved rejected postponed inspected repaired demolished expanded closed reopened purchased sold leased surveyed
  criticised praised defended challenged reviewed amended suspended restored financed designed commissioned abandoned
  relocated modernised measured photographed catalogued negotiated debated announced confirmed denied questioned
  monitored evacuated reinforced replaced upgraded donated inherited seized returned auctioned flooded drained planted
  harvested exported imported taxed subsidised insured nationalised privatised merged divided renamed dedicated
`);

export const PLACES = list(`
  Velmora Ostrand Karnavik Tessaly Brunholt Quillmar Drestin Halvenport Mirador Sankelm Ortavia Lindhaven Pellworth
  Graushaven Torvale Eskerry Nordwick Calderon Vastholm Rivermouth Zelenka Marrowby Aldershaw Petrograve Sunderlea
  Kingsmarsh Ottersund Fallowfield Bramwich Corvino Dunmarrow Elmstead Farrowdale Greywater Hollenbeck Inverlusk
`);

export const FIRST_NAMES = list(`
  Marta Jonas Ingrid Pavel Leila Tomas Aisha Henrik Clara Dmitri Noor Felix Yuki Rosa Anton Greta Samir Elena Viktor
  Hanna Luis Petra Omar Sofia Emil Zara Niklas Ivana Karim Astrid Mateo Olga Rafael Signe Tarik Ursula
`);

export const LAST_NAMES = list(`
  Aldana Berglund Castellan Dvorsky Ekström Farouk Grantham Hollis Ibarra Jansen Kowalczyk Lindqvist Marchetti Novak
  Okonjo Petrov Quintero Rasmussen Sandoval Thorne Ulrich Vasquez Wexford Yamada Zielinski Abernathy Brandt Corrigan
  Delacroix Engström Fairweather Gallego Haverford Ivanova Jorgensen Kessler
`);

export const ROLES = lines(`
  the mayor; a spokeswoman; the chief engineer; the finance director; a union leader; the director of research;
  the deputy minister; a local historian; the head of planning; an independent analyst; the port captain; a councillor;
  the project's manager; the regional governor; a professor of geology; the museum's curator; the head coach
`);

export const ORGANISATIONS = lines(`
  the Water Board; the Chamber of Trade; the Transport Agency; the Institute of Measures; the Farmers' Union; the Port
  Authority; the Heritage Trust; the Energy Office; the Appeals Court; the National Archive; the Health Service; the
  Railway Company; the Fisheries Council; the Development Bank; the Patent Office; the Housing Association
`);

export const COMPANIES = list(`
  Abelton Brixley Cordwain Dunbarro Everline Fennimore Gatewick Harlowe Ironbridge Jessamy Kestrel Lorimer Maddox
  Northcote Oakhurst Pembrook Quarrier Redfern Stanmore Tallis Underhill Vantage Westlake Yarborough Zephyr Ashcombe
  Bellweather Cranmere Dalehouse Eastgate Fairholm Greycoat Highfield Inglewood Jericho Kingsway Lakemont Millbrook
`);

export const COMPANY_FORMS = ['Inc', 'Corp', 'Co', 'Ltd', 'Holdings', 'Industries', 'Group', 'Financial Corp'];

export const MONTHS = list('January February March April May June July August September October November December');
