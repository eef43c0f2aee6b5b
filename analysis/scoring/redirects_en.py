"""Redirects in English: what asks for a private channel or says that one was used, and what only looks like it.

Each pattern is held against one clause.
"""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


MESSAGE = r"(?:\b(?:DM|PM)(?:'?s)?\b|\b(?:direct|private) messag(?:es?|ing)\b|\binbox\b)"
MAIL = r"\be-?mail(?:s|ing)?\b(?! address| account)"
_SPOKEN = r"(?:\bphone\b|\btelephone\b|\bchat\b|\bwhatsapp\b|\bmessenger\b)"
_ANY = r"(?:DM|messag|e-?mail|call|phone|chat)"
_SEND = r"\b(?:send|fire|drop|shoot|pop|ping|leav|giv)(?:e|ing|ping)?\b"
_TEAM = r"(?:us\b|our\b|(?:the|customer|guest) (?:\w+ ){0,2}(?:team|services?|care|relations|support)\b)"
_WE = r"\b(?:we|i|team|colleagues?|agents?|specialists?)\b.{0,25}?"
_TOUCH = r"\b(?:contact|reach|touch|write|support|help|speak|talk)\b"

INVITED = _any(
    # "could you send us a DM", "drop us an e-mail", "and e-mail at"
    rf"{_SEND}(?! you\b).{{0,50}}?{MESSAGE}",
    rf"{_SEND} (?:us |me |an? |quick |private |over ){{1,4}}(?:message\b|line\b|{MAIL})",
    r"\b(?:and|or) (?:by |via )?e-?mail at\b",
    # "via DM", "in our DMs", "DM your details", "message us", "carry on in private"
    rf"\b(?:via|over|through|by|into?|in (?:a|an|the|your|our)) {MESSAGE}",
    r"\b(?:DM|PM) (?:us|your|the|it|that|this|me|with|over|more|some|any|all)\b",
    r"\b(?:message|inbox|whatsapp) us\b",
    r"\b(?:continue|carry on|talk|discuss|move|take|chat|help)\b.{0,30}?\b(?:in private|privately|offline)\b",
    # "check your DMs", "look out for our message"
    r"\b(?:check|see|reply|respond|answer|look|head|back|waiting|await)\b"
    rf".{{0,15}}?\b(?:your|our|the|to|in) {MESSAGE}",
    r"\bwaiting for your (?:message|e-?mail|call)\b",
    r"\b(?:eye|look|looking|watch|lookout)\b(?: out)? (?:for|on) (?:your|our|an?) "
    r"(?:DM|messages?|inbox|e-?mails?|call)\b",
    # "e-mail us at", "call our team", "give us a ring", "call the desk on 555 0100", "write to help@"
    rf"\b(?:e-?mail|call|phone|ring|text)(?:ing)? (?:{_TEAM}|\+?\(?\d)",
    rf"\bgiv(?:e|ing) (?:us|{_TEAM}) a (?:call|ring|bell)\b",
    r"\bcall (?:\w+ ){1,4}(?:on|at) \+?\(?\d",
    r"\b(?:contact|reach|writ)\w*\b.{0,15}?\w@\w",
    # "reach us through live chat", "get in touch by phone", "contact us using the form"
    rf"{_TOUCH}.{{0,40}}?\b(?:via|through|by|on|over|at|using)\b.{{0,20}}?(?:{MAIL}|{_SPOKEN}|\bform\b|\w@\w)",
    r"\b(?:fill|complete|submit|use|using|head|heading|visit|via|through)\b.{0,30}?\bforms?\b|\bcontact form\b",
    r"\bchat with (?:us|our|an? (?:agent|advis[oe]r))\b|\b(?:start|open|use|join|via)\b.{0,15}?\b(?:live )?chat\b",
    r"\b(?:chat|e-?mail|phone|telephone) (?:support |service )?team\b",
)
MOVED = _any(
    # "we've just sent you a DM", "our team has replied to your DM"
    rf"{_WE}\b(?:sen[dt]|repl(?:y|ied|ying)|respond(?:ed|ing)?|answer(?:ed)?|g[eo]t(?:ting)? back|wr(?:ite|itten|ote)"
    r"|follow(?:ed)? up|reach(?:ed)? out|be in touch|received|continue|carry on|dropped|shot|messag(?:e|ed))\b"
    rf".{{0,40}}?{MESSAGE}",
    # "we'll DM you", "a colleague will call you", "we've sent you an e-mail", "we'll reach you by phone"
    rf"{_WE}\b(?:(?:DM|PM)(?:'d|ed|ing)?|(?:e-?mail|messag|call|phon|ring)(?:e|ed|ing)?) you\b",
    rf"{_WE}\bsen[dt](?:ing)? you an? (?:quick )?(?:{MAIL}|message\b)|{_WE}\bgiv(?:e|ing) you a (?:call|ring)\b",
    rf"{_WE}\b(?:reach|contact|get back to|touch|reply|replied)"
    r".{0,15}?\b(?:by|via|over) (?:the )?(?:phone|e-?mail)\b",
    # "you should have an e-mail from the team"
    r"\b(?:have|receive|get|expect)\b.{0,12}?\b(?:e-?mail|DM|call)\b.{0,12}?\bfrom (?:us|our|the (?:\w+ ){0,3}team)\b",
)
NAMED = _any(MESSAGE, MAIL)
THERE = _any(
    # where a channel was named: "can you fire one over", "try sending it again", "we've replied", "carry on there"
    rf"{_SEND} (?:us )?(?:one|a new one|another|(?:it|that|them)(?: over)? again)\b|\bresend\b",
    r"\bwe(?:'ve|'ll| have| will| just)?\b.{0,20}?\b(?:replied|responded|answered|got back to you|gotten back)\b",
    r"\b(?:reply|help|chat|talk|continue|carry on|assist)\b.{0,25}?\bthere\b",
)
REFUSED = _any(
    # but not "if you can't log in DM us", "don't hesitate to call us" or "why don't you e-mail us"
    r"^(?!.*\b(?:if|when|in case|as|since|because|why)\b.*(?:n't|not\b))(?!.*\b(?:hesitate|forget)\b).*"
    r"(?:\bcan(?:no|')t|n't|\bunable to|\bnot|\bno need to|\bno longer|\bnever|\bwithout|\bavoid|\binstead of"
    rf"|\brather than)\b.{{0,30}}?(?:{MESSAGE}|\bmessag|\be-?mail|\bphone|\bcall|\bchat\b|\bform\b)"
)
STORY = _any(
    # "when did you call us", "sorry you had to call us", "they sent you a DM"
    rf"\b(?:did|had|have) you\b(?! tried).{{0,25}}?{_ANY}",
    r"\byou(?:'ve| have| had|'d)? (?:had to|tried|already|spent|waited|were|called|emailed|messaged)\b"
    rf".{{0,40}}?(?:{_ANY}|form)",
    r"\b(?:they|he|she|someone|anyone|nobody|scammers?|sellers?|drivers?|a friend|who"
    rf"|your (?:bank|provider|carrier|seller|driver))\b.{{0,30}}?{_ANY}",
)
