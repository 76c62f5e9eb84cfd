"""Labels of services, and those that language models are asked for, or think of."""

from __future__ import annotations

from datasette_newsgraph.labels.rules import NUMBER, Preset

GOOGLE = Preset(
    "Google Natural Language",
    {
        "PERSON": "Person",
        "LOCATION": "Place",
        "ADDRESS": "Place",
        "ORGANIZATION": "Organization",
        "EVENT": "Event",
        "WORK_OF_ART": "CreativeWork",
        "CONSUMER_GOOD": "Product",
        "PHONE_NUMBER": "PhoneNumber",
        "DATE": "Date",
        "NUMBER": NUMBER,
        "PRICE": NUMBER,
        "OTHER": "Thing",
        "UNKNOWN": "Thing",
    },
)

COMPREHEND = Preset(
    "Amazon Comprehend",
    {
        "PERSON": "Person",
        "LOCATION": "Place",
        "FACILITY": "Place",
        "ORGANIZATION": "Organization",
        "EVENT": "Event",
        "COMMERCIAL_ITEM": "Product",
        "BRAND": "Product",
        "SOFTWARE": "Product",
        "GAME": "Product",
        "TITLE": "CreativeWork",
        "MOVIE": "CreativeWork",
        "MUSIC": "CreativeWork",
        "BOOK": "CreativeWork",
        "PERSONAL_TITLE": "JobTitle",
        "DATE": "Date",
        "QUANTITY": NUMBER,
        "ATTRIBUTE": "Concept",
        "OTHER": "Thing",
    },
)

#: What ANNIE and other applications of GATE find.
GATE = Preset(
    "GATE",
    {
        "Person": "Person",
        "Location": "Place",
        "Organization": "Organization",
        "Date": "Date",
        "Time": "Time",
        "JobTitle": "JobTitle",
        "Title": "JobTitle",
        "Address": "Place",
        "UserID": "UserAccount",
        "Hashtag": "Concept",
        "URL": "WebAddress",
        "Unknown": "Thing",
        "Identifier": "Thing",
        "Number": NUMBER,
        "Measurement": NUMBER,
        "Ratio": NUMBER,
        "Money": NUMBER,
        "Percent": NUMBER,
    },
)

#: As types of a schema are worded; what a model thinks of by itself stays as it is.
PLAIN = Preset(
    "plain English",
    {
        "human": "Person",
        "people": "Person",
        "politician": "Person",
        "company": "Organization",
        "corporation": "Organization",
        "agency": "Organization",
        "government": "Organization",
        "government agency": "Organization",
        "institution": "Organization",
        "newspaper": "Organization",
        "political party": "Organization",
        "school": "Organization",
        "sports team": "Organization",
        "university": "Organization",
        "location": "Place",
        "geo": "Place",
        "geopolitical entity": "Place",
        "administrative area": "Place",
        "city": "Place",
        "continent": "Place",
        "country": "Place",
        "region": "Place",
        "state": "Place",
        "town": "Place",
        "village": "Place",
        "building": "Place",
        "facility": "Place",
        "conference": "Event",
        "conflict": "Event",
        "election": "Event",
        "battle": "Event",
        "war": "Event",
        "work of art": "CreativeWork",
        "book": "CreativeWork",
        "film": "CreativeWork",
        "movie": "CreativeWork",
        "song": "CreativeWork",
        "document": "CreativeWork",
        "article": "CreativeWork",
        "religion": "Religion",
        "position": "Position",
        "title": "JobTitle",
        "job title": "JobTitle",
        "year": "Date",
        "number": NUMBER,
        "amount": NUMBER,
        "percentage": NUMBER,
        "entity": "Thing",
        "object": "Thing",
        "other": "Thing",
        "misc": "Thing",
        "node": "Thing",
    },
)

#: The labels that UIE is asked for in Chinese, most of them in its documentation.
UIE = Preset(
    "UIE in Chinese",
    {
        "人物": "Person",
        "人名": "Person",
        "选手": "Person",
        "组织机构": "Organization",
        "机构": "Organization",
        "组织": "Organization",
        "公司": "Organization",
        "地点": "Place",
        "地名": "Place",
        "地区": "Place",
        "城市": "Place",
        "国家": "Place",
        "时间": "Date",
        "日期": "Date",
        "事件": "Event",
        "赛事名称": "Event",
        "作品": "CreativeWork",
        "职位": "JobTitle",
        "职务": "JobTitle",
        "产品": "Product",
    },
)

_SCHEMA_ORG = {
    "Person": "Person Patient",
    "Organization": (
        "Organization Corporation NewsMediaOrganization GovernmentOrganization NGO SportsTeam"
        " SportsOrganization PoliticalParty EducationalOrganization CollegeOrUniversity School"
        " LocalBusiness Airline PerformingGroup MusicGroup OnlineBusiness ResearchOrganization Project"
    ),
    "Place": (
        "Place City Country State AdministrativeArea Continent LandmarksOrHistoricalBuildings"
        " CivicStructure Airport Landform Mountain BodyOfWater RiverBodyOfWater LakeBodyOfWater"
        " SeaBodyOfWater OceanBodyOfWater Museum StadiumOrArena TouristAttraction GeoShape"
        " GeoCoordinates PostalAddress"
    ),
    "Event": (
        "Event SportsEvent MusicEvent Festival BusinessEvent PublicationEvent TheaterEvent"
        " ExhibitionEvent SocialEvent LiteraryEvent"
    ),
    "CreativeWork": (
        "CreativeWork Movie Book TVSeries TVEpisode MusicAlbum MusicRecording VideoGame Painting"
        " Sculpture WebSite WebPage Article NewsArticle Newspaper Periodical Play Report"
    ),
    "Law": "Legislation",
    "Product": "Product Brand SoftwareApplication MobileApplication IndividualProduct ProductModel",
    "Vehicle": "Vehicle Car",
    "Language": "Language ComputerLanguage",
    "JobTitle": "Occupation",
    "Disease": "MedicalCondition InfectiousDisease",
    "Substance": "Drug ChemicalSubstance MolecularEntity",
    "Species": "Taxon",
    "Concept": "DefinedTerm CategoryCode Intangible Action",
    "Thing": "Thing",
}
#: Types are more than a thousand; these are what articles are about.
SCHEMA_ORG = Preset(
    "schema.org",
    {label: type_ for type_, labels in _SCHEMA_ORG.items() for label in labels.split()},
)
