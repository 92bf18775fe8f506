"""Words of a bare thank-you in the languages of Europe, folded as ``thanks.fold`` does."""


def _words(*lines):
    return frozenset(word for line in lines for word in line.split())


# say thanks
THANKS = _words("""
    thanks thank thx thnx tnx ty cheers appreciated appreciate danke dank dankeschon merci vergelts dekuji
    dekujeme dekuju dekujem diky dik dakujem dakujeme vdaka gracias remercie remercions spasibo blagodaryu
    blagodarim спасибо благодарю благодарим dziekuje dziekujemy dzieki dzieks grazie ringrazio ringraziamo
    bedankt dankjewel dankuwel obrigado obrigada tack takk tak kiitos koszonom koszonjuk multumesc hvala дякую
""")

# stand around it and ask for nothing: politeness, praise, greetings, "it works now"
PADDING = _words(
    # en
    """
        you u so very much a lot lots many again all for your the help support quick fast prompt great good nice
        excellent perfect perfectly awesome super wonderful brilliant lovely answer reply response service work
        job it that this is was works working now fine solved resolved fixed done and well ok okay yes really
        kind kindly i we truly team everything everyone have day weekend evening hi hello dear hey best regards
        warm sincerely yours greetings wishes amazing fantastic in advance assistance effort sorted
    """,
    # de
    """
        vielen lieben herzlichen herzlich besten schonen sehr tausend ihnen euch dir fur die das der den ihre
        eure deine schnelle prompte rasche gute tolle super perfekt hilfe unterstutzung antwort ruckmeldung
        bearbeitung losung muhe es funktioniert geht jetzt wieder alles gut klappt prima bestens nochmals
        nochmal und im voraus hallo guten tag liebe lieber gruss gruesse grusse grussen gruessen mfg
        freundlichen freundliche mit viele schone beste schones wochenende wunsche ich wir bin sind zufrieden
        erledigt gelost so hat geklappt ist war
    """,
    # cs
    """
        moc mnohokrat srdecne velice velmi vam ti za rychlou rychle rychlost pomoc podporu odpoved vyrizeni
        vyreseni reseni ochotu spolupraci uz to ted nyni funguje jde vse vsechno v poradku je hezky pekny den
        vikend preji dobry ahoj zdravim pozdravem s pozdrav perfektni super skvele skvela prace a jeste jednou
        predem mejte se zatim ok vyreseno hotovo pekne krasny pozdravom vsetko ide
    """,
    # fr
    """
        beaucoup mille bien infiniment vous te pour votre ta l la le les aide reponse rapidite rapide efficacite
        soutien travail intervention tres encore c est parfait super genial tout fonctionne marche maintenant
        nickel bonne bonjour bonsoir journee soiree week end cordialement a d avance et je nous resolu regle
        salutations merci
    """,
    # es
    """
        muchas mil muchisimas por tu su la el ayuda respuesta rapida rapidez apoyo soporte atencion todo
        funciona ya ahora perfecto genial excelente bien de nuevo buen dia buenas tardes hola saludos un cordial
        saludo y le les te os resuelto solucionado servicio muy amable
    """,
    # ru
    """
        bolshoe vam tebe za pomosh большое огромное вам тебе за помощь быстрый быструю ответ поддержку все всё
        работает теперь отлично хорошо ок решено с уважением здравствуйте добрый день хорошего дня очень и ещё
        еще раз заранее
    """,
    # pl
    """
        bardzo serdecznie pieknie wielkie za pomoc szybka odpowiedz wsparcie reakcje wszystko juz teraz dziala
        super swietnie ok w porzadku milego dnia pozdrawiam pozdrowienia dzien dobry witam z gory i jeszcze raz
        panu pani panstwu rozwiazane
    """,
    # it
    """
        mille tante molte molto per il la l lo vostro vostra tuo tua aiuto risposta supporto assistenza rapidita
        veloce tutto ora adesso funziona perfetto ottimo bene ancora buona giornata serata ciao buongiorno
        saluti cordiali distinti e vi ti risolto di cuore gentilissimi anticipo in
    """,
    # nl
    """
        je u jullie wel hartelijk hartelijke veel heel erg voor de het hulp snelle goede reactie antwoord
        ondersteuning alles werkt nu weer prima perfect super top opgelost fijne dag weekend groet groeten met
        vriendelijke mvg hallo beste en alvast nogmaals is
    """,
)

# "but", "however", "not", "still": what follows is no thanks, in whatever language the rest is
TURNS = _words("""
    but however although though except not no never still yet unfortunately please aber jedoch allerdings leider
    nicht kein keine nie noch bitte ale avsak bohuzel nejde nefunguje neni prosim jenze mais cependant pas
    malheureusement encore svp plait pero sin embargo aun tampoco favor lamentablemente но однако не нет ещё
    пожалуйста к jednak niestety prosze ma non purtroppo ancora prego favore maar echter niet geen helaas nog
    alstublieft
""")
# ... unless they stand beside the thanks ("encore merci", "ещё раз спасибо", "ancora grazie")
HARMLESS_TURNS = frozenset({'encore', 'ещё', 'ancora'})
