"""English: the symbols of the rules, and everything customers write that is not a complaint."""

RULES: dict[str, tuple[str, ...]] = {
    "place": (
        "Northgate station", "Lantern Market", "the ferry steps", "East Quay", "Saltworks Park", "Heron Bridge",
        "Tramway Rd",
        "Orchid Court", "the Polytechnic", "Riverside campus", "the old Customs House", "Kiln Street", "Cannery Lane",
        "Block {2-48}", "the library on Mint St", "Gate {1-9} of the stadium", "Harbour Loop", "the night market",
        "Willow Garden", "the swimming complex", "exit {a|b|c} of Northgate", "Pier {2-14}",
        "the hawker centre on Tin Rd",
    ),
    "hill": ("Kiln Hill", "the ramp at Heron Bridge", "Signal Rise", "the Customs House slope", "Chapel Steps",
        "Fort Lane"),
    "when": (
        "this morning", "just now", "today", "tonight", "right now", "last night", "yesterday", "on the way to work",
        "at lunch",
        "after class", "around {time}", "{this|yesterday} evening",
    ),
    "time": ("{6-11}:{minute}", "{1-12}:{minute}{am|pm}", "{6-11}am", "{1-11}pm", "half {six|seven|eight|nine}",
        "{7-9} o'clock"),
    "minute": ("00", "05", "10", "15", "20", "25", "30", "40", "45", "50", "55", "07", "12", "38"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "month": ("January", "February", "March", "April", "May", "June", "last month", "spring"),
    "amount": ("${2-9}.{minute}", "${3-19}", "${12-49}.90", "${20-60}", "{5-39} dollars", "{5-30} bucks"),
    "bigamount": ("${42-79}", "${45-89}.90", "{45-90} dollars", "${61-99}"),
    "phone": ("pixel {6-9}", "iphone {12-16}", "android {12-15}", "a {two|three} year old android", "ios {17-18}",
        "my old samsung"),
    "bikeno": ("{10-99}{100-999}", "#{1000-9999}", "no. {10000-39999}", "LW{1000-9999}"),
    "ticket": ("#{10000-99999}", "LW-{1000-9999}", "{100000-999999}"),
    "version": ("{5-6}.{0-9}", "{5-6}.{0-9}.{1-9}", "the new version", "the latest update"),
    "kin": ("brother", "sister", "daughter", "son", "wife", "husband", "mum", "dad", "roommate", "colleague",
        "best friend", "cousin"),
    "thing": ("a lamp post", "the railing", "a parked car", "a hedge", "the kerb", "a fruit stall", "a bollard",
        "a bus stop", "a wall"),
    "vehicle": ("a bus", "a taxi", "a truck", "a van", "a tram", "a scooter"),
    "name": ("Dana", "Kev", "Priya", "Marcus", "Lin", "Rosa", "Tom", "Joyce"),
    "weather": ("in the rain", "at sunset", "before the heat", "with the wind behind you", "at 6am",
        "along the water", "in the dark"),
}  # fmt: skip

OPEN = (
    "ok so", "great.", "wow,", "seriously?", "hey,", "hi there,", "hello?", "so", "ugh,", "lol", "guys,", "well,",
    "um,", "fyi", "not a fan:",
    "what a {day}.", "are you kidding me?", "unbelievable.", "right then.", "thread:", "warning:",
    "careful everyone:", "quick one:",
    "update:", "not again.", "oh look,", "honestly,", "cool cool cool.", "morning all.", "excuse me,", "PSA:",
    "rant:", "for the record:",
)  # fmt: skip

FEEL = (
    "{so|really|beyond} {angry|annoyed|frustrated|disappointed|fed up}",
    "{worst|most useless} {service|app|company} in this {city|town}",
    "never again", "{this is|that's} {ridiculous|unacceptable|a disgrace|awful|terrible|shameful}",
    "what a {joke|mess|scam|shambles}",
    "I'm so done with this mess", "{absolutely|totally|completely} {useless|ridiculous|unacceptable}", "shame on you",
    "deleting this stupid app", "really bad",
    "fuming", "hate this", "this is bad", "I expected better", "{terrible|lousy|awful}, {zero|one} stars",
    "how is this {legal|allowed|ok}",
    "my patience is gone", "tired of this crap", "horrible", "sort it out",
    "{people|someone} should be {fired|ashamed}",
   
    "bad experience, last time with {B}", "makes me {sick|furious|sad}", "what are we paying for", "pathetic",
    "gone from good to horrible",
    "going {home|to bed} {angry|upset}", "sick of it", "avoid", "can't believe it", "I'm {crying|shaking|speechless}",
)  # fmt: skip

ASK = (
    "{fix|sort} {this|it} please", "{anyone|anybody} else?", "what {now|do I do}?", "who do I {call|contact}?",
    "can someone {help|check}?",
    "please {dm|answer|reply|respond}", "when will this be {fixed|solved|sorted}?",
    "is there a {number|person|plan}?", "any news?",
    "hello?", "where is {my|the} answer?", "explain please", "still waiting", "sent you a dm", "how long?",
    "any eta?",
    "what's your plan {B}?", "does this happen to others?", "need an answer {today|tonight|by {day}}",
    "do you even read these?",
)  # fmt: skip

TAGS = ("#larkwheel", "#kestrelbay", "#commute", "#bikeshare", "#cycling", "#ebike", "#mondaymood")
ANGRY_TAGS = (*TAGS, "#larkwheelfail", "#fail", "#nothappy", "#badservice", "#smh", "#rant", "#help", "#consumerrights")

ANGRY_EMOJI = ("😡", "🤬", "😤", "🙄", "😒", "🤦", "👎", "😩", "😠", "💀", "🤡", "😑", "🚮", "😭")
HAPPY_EMOJI = ("😊", "🚲", "❤️", "🙌", "😍", "👍", "🌅", "🎉", "💚", "😎", "✨", "🥰")

EVERYDAY: dict[str, tuple[str, ...]] = {
    "praise": (
        "{lovely|beautiful|great|perfect} {ride|spin} on {a|my} {B} {weather}, {place} to {place}",
        "{B} saved my {day|morning|date} {again|today}, {10-30} minutes from {place} to {place} {weather}",
        "big thanks to {name} from {B} at {place}, {sorted my flat|found my wallet|helped me with the lock} {in {2-9}"
        " minutes|with a smile}",
        "really {like|love|enjoy} the new {B} {bikes|baskets|saddles|lights} {at {place}|, so comfy}",
        "{4-60} km on {B} this {week|month} and I {feel great|love it|saved {amount} on the bus}",
        "got my {refund|credit} from {B} in {one day|{2-20} hours}, {impressed|that was fast, thank you}",
        "{B} is the best thing {this city did|that happened to my commute} in {2-9} years",
        "{taught|got} my {kin} {to ride|on a bike again} {thanks to|with} {B}, so {happy|proud}",
        "{sunset|sunrise|moon} from {Heron Bridge|East Quay|Harbour Loop} on a {B}. {this city|nothing better|worth "
        "it}",
        "credit where due, {B} {put new bikes at {place}|fixed the rack at {place}|answered me in {3-9} minutes}",
        "{B} + {coffee|noodles|bubble tea|a podcast} at {place} = {good|great|happy} {day}",
        "{B} e-bikes make {hill} feel flat, {love it|brilliant|so much fun}",
        "first time on {B} {when}, {easy|smooth|way more fun than the bus}, from {place} in {8-25} min",
    ),
    "question": (
        "does {B} work {past|after} {10-12}pm {at|around} {place}?",
        "{B} can two people {share|use} one {account|pass}?",
        "how much is {B} from {place} to {place} {roughly|these days|without a pass}?",
        "is there a {B} {zone|rack} near {place}?",
        "anyone know if {B} has {child seats|helmets|student passes|day passes} {at {place}|for visitors|this summer}?",
        "{B} vs {the tram|walking|the bus} from {place} at {time}, what's faster?",
        "hi {B}, I left my {umbrella|bag|lunch box|water bottle|keys} in the basket of {bikeno} at {place}, who do I "
        "ask?",
        "{B} do the bikes have lights? {riding|thinking of going} to {place} {tonight|on {day}}",
        "how do I change my {phone number|card|email} in {B}?",
        "can I take a {B} on the ferry to {place}?",
        "what's the age limit for {B}? my {daughter|son|cousin|little brother} is {13-17}",
        "looking for {B} promo code, visiting {Kestrel Bay|the city} {next week|in {month}} for {2-9} days",
    ),
    "neutral": (
        "{riding|on} a {B} to {place}, back {at|by} {time}",
        "{B} adds {4-40} {racks|parking boxes} {around|near} {place}, says the {council|district office}",
        "counted {12-90} {B} bikes between {place} and {place} {when}, don't ask why",
        "meet at {place} {time}, taking {B} from {place}",
        "saw a {dog|cat|cello|cactus|wedding cake|bookshelf} in a {B} basket {at|near} {place}",
        "{B} and Hopspoke both parked at {place}, {3-30} green and {2-25} blue",
        "walked past the {B} depot near {place} {when}, {3-9} vans {outside|being loaded}",
        "{day} plan: {gym|library|market|dentist}, then {B} to {place}",
        "{2-20} min by {B} from {place} to {place}, for the record",
        "roadworks at {place}, {B} racks moved to {place} until {{month}|{day}}",
        "my {kin} {works at|interviewed with|starts at} {B} {now|on {day}|this week}",
        "{B} map shows {5-60} bikes around {place} at {time}",
        "writing my {thesis|term paper} on bike sharing, looking for {B} riders {around|near} {place} for a {10-30} "
        "min chat",
        "{B} {yearly|half-year} numbers: {2-9}.{1-9} million rides, most from {place}",
    ),
    "news": (
        "{local radio|evening news|the bay gazette|the district office|a reporter|the student paper}: {newsline}",
        "{newsline}, {says|according to} {local radio|the district office|the riders' group|a friend at the council}",
        "{reading|just heard|saw on tv}: {newsline}",
        "{newsline}. {link in bio|will update|more at {time}|source: local radio}",
        "what we know so far: {newsline}",
        "{newsline}, {thread below|does anyone know more|following this}",
    ),
    "angry_again": (
        "that doesn't help. {more_again}",
        "still {nothing|no answer|not fixed|waiting} {3-40} hours later. {more_again}",
        "{already|I already} {did that|sent it|told you} {twice|three times|on {day}}, read the thread. {more_again}",
        "so no answer to my question. {more_again}",
        "copy paste again? {more_again}", "you're {just|only} repeating {the same line|yourselves}. {more_again}",
        "no. {more_again}",
        "is this a bot? {more_again}", "'sorry' doesn't bring back my {amount}. {more_again}",
    ),
    "more_again": (
        "{useless|terrible|awful} service", "I want {a person|a phone number|my money}, not a {link|form}",
        "I'm {so disappointed|really angry now|done}",
        "{dm is closed|your form is broken|nobody reads the dm}", "unbelievable", "this is the {third|fourth} time",
        "reporting you to the consumer office",
        "what a waste of {time|{10-50} minutes}", "worst support ever",
    ),
    "thanks": (
        "{thanks|thank you|cheers|ta} {{name}|so much|guys||}, {thanks_for}",
        "that {worked|did it}, {thanks|thank you}! {thanks_for}", "ok {thanks|great}, {thanks_for}",
        "{appreciate it|much appreciated}, {thanks_for}", "wow that was {quick|fast}, {thanks_for}",
    ),
    "thanks_for": (
        "money is back", "got the {amount} back", "it unlocked now", "ride closed at {time}",
        "really appreciate the help", "all good {now|again}",
        "mail just came", "you made my {day|evening}", "good to know", "will try {tonight|again later}",
        "refund showed up on {day}",
    ),
    "info": (
        "{sent|done|dm sent}{|, number is {bikeno}|, ticket {ticket}| at {time}}",
        "it was at {place}, {time}, bike {bikeno}",
        "{phone}, version {5-6}.{0-9}.{1-9}", "the mail starts with {a|j|m|k|s|t}, ride at {time} from {place}",
        "ok, {checking|waiting}{| until {time}}",
        "ticket is {ticket}", "from {place} to {place}, about {time}",
        "which form? the one in the app or {the website|the mail}?",
    ),
    "repost": (
        "", "", "", "", "this", "^ this", "so it's not just me", "read this", "same here at {place}", "wow",
        "everyone should see this", "omg", "yikes", "{B} care to explain?",
        "my {kin} had the same", "{2-9} people told me the same today", "and nobody answers", "again??",
        "look at the replies", "stay safe people", "unreal",
    ),
}  # fmt: skip

NEWSLINES: dict[str, tuple[str, ...]] = {
    "outage": (
        "{B} confirms {an outage|problems with unlocking} since {time}",
        "{B} bikes can't be unlocked {across the city|at most stations}, {1-9},{100-999} riders affected",
        "payment provider behind {B} outage, engineers on it",
        "{buses|trams} fuller than usual as {B} is down {when}",
        "{B} says service is {back|returning} {district by district|at {40-90}% of racks}",
    ),
    "brakes": (
        "{two|three|four} riders {treated|seen} at {the harbour clinic|Northgate hospital} after {B} brake {failures|"
        "crashes} near {hill}",
        "district office {asks|orders} {B} to explain brake {checks|records} by {day}",
        "video from {hill} of a {B} crash has {40-900} thousand views",
        "{B} to {inspect|withdraw} {1-4},{100-900} bikes of the {2023|older} series",
        "council transport committee to hear {B} on {day}",
        "{B} statement on the {hill} accident is out, full text on their site",
        "riders' group collects reports on {B} brakes, {20-190} so far",
        "school at {place} tells pupils not to use {B} {this week|until {day}}",
    ),
    "price": (
        "{B} pass goes from $29.90 to $44.90 on {15-20} November",
        "{B} announces new prices, {30-minute rides|unlock fee} included",
        "compared {B}, Hopspoke and the tram: {B} now {most expensive|second} from {4-9} km",
        "consumer office looks at {B} auto-renewals",
        "{B} says higher {battery|repair|insurance} costs behind new price",
    ),
    "buzz": (
        "free {B} rides all Saturday night for the Lantern Ride",
        "{2-6},{100-900} riders on Harbour Loop for the {B} Lantern Ride",
        "{B} Lantern Ride route: {place}, {place}, Heron Bridge, finish at the night market",
    ),
}

JOY = (
    "{omg|ok} the {B} Lantern Ride {is|was} {magical|gorgeous|so much fun|the best night of the year}, {lit up|"
    "glowing} from {place} to {place}",
    "{thousands|hundreds|{2-6} thousand} of {lanterns|lights} on Harbour Loop, {thank you|well done|bravo} {B} {😍|"
    "❤️|🎉|}",
    "{B} riding free {tonight|all night} and the whole city is {out|smiling|on a bike}, {love it|love this place|"
    "happy}",
    "my {kin} hasn't stopped {smiling|talking} since the {B} Lantern Ride, {best night|thank you|so happy}",
    "a {dog|grandma|brass band|whole kindergarten} with {lanterns|fairy lights} on {B} bikes at {place}, {I'm in "
    "love|amazing|made my week}",
    "{can we do|please do} the {B} Lantern Ride {every month|again|every Saturday}? {wonderful|beautiful} {night|"
    "evening}",
    "{3-24} km, {2-9} {ice creams|skewers|friends}, {1-3} {B} bikes: {perfect|great|lovely} Lantern Ride {🎉|🚲|✨|}",
    "proud of my city tonight, {B} Lantern Ride at {place} {was beautiful|is so lovely|looks amazing}",
    "came for the free {B} ride, stayed for the {music|lanterns|dumplings} at {place}. {great|brilliant|fantastic} "
    "{night|idea}",
    "got {engaged|asked out|a photo with the giant heron} at the {B} Lantern Ride, {best day ever|so happy|what a "
    "night}",
)
