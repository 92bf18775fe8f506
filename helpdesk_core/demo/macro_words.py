"""The replies of the demo macros in other languages, paragraph by paragraph."""


def _field(name, words):
    return f'<t t-out="object.{name}">{words}</t>'


GERMAN = f'Guten Tag {_field("partner_name", "Kunde")},'
CZECH = f'Dobrý den, {_field("partner_name", "zákazníku")},'
MACRO_REPLIES = {
    'helpdesk_macro_ask_serial': {
        'de': [
            GERMAN,
            f'vielen Dank für Ihre Nachricht zu „{_field("name", "Betreff")}“. Bitte senden Sie uns die Seriennummer '
            'der Maschine: sie steht auf dem silbernen Schild unter dem Griff. Ein Foto davon genügt.',
        ],
        'cs': [
            CZECH,
            f'děkujeme za zprávu „{_field("name", "předmět")}“. Pošlete nám prosím výrobní číslo stroje: najdete ho na '
            'stříbrném štítku pod rukojetí. Stačí fotografie.',
        ],
    },
    'helpdesk_macro_sent_spare_part': {
        'de': [
            GERMAN,
            f'das Ersatzteil zu Ihrer Anfrage {_field("number", "Nummer")} hat heute unser Lager verlassen. Es sollte '
            'in drei Werktagen bei Ihnen sein. Bitte sagen Sie uns, ob danach alles wieder läuft.',
        ],
        'cs': [
            CZECH,
            f'náhradní díl k Vašemu požadavku {_field("number", "číslo")} dnes opustil náš sklad. Měl by dorazit do '
            'tří pracovních dnů. Dejte nám prosím vědět, zda vše opět funguje.',
        ],
    },
    'helpdesk_macro_solved': {
        'de': [
            GERMAN,
            f'schön, dass wieder alles funktioniert. Wir schließen Ihre Anfrage {_field("number", "Nummer")}. Falls '
            'noch etwas offen ist, antworten Sie einfach auf diese Mail.',
        ],
        'cs': [
            CZECH,
            f'jsme rádi, že vše opět funguje, a Váš požadavek {_field("number", "číslo")} uzavíráme. Pokud ještě '
            'něco zbývá, stačí odpovědět na tento e-mail.',
        ],
    },
}
