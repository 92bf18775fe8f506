"""The replies of the demo macros in other languages, paragraph by paragraph."""

NAME = '<t t-out="object.partner_name">%s</t>'

MACRO_REPLIES = {
    'helpdesk_macro_ask_serial': {
        'de': [
            f'Guten Tag {NAME % "Kunde"},',
            'vielen Dank für Ihre Nachricht zu „<t t-out="object.name"/>“. Bitte senden Sie uns die Seriennummer der '
            'Maschine: sie steht auf dem silbernen Schild unter dem Griff. Ein Foto davon genügt.',
        ],
        'cs': [
            f'Dobrý den, {NAME % "zákazníku"},',
            'děkujeme za zprávu „<t t-out="object.name"/>“. Pošlete nám prosím výrobní číslo stroje: najdete ho na '
            'stříbrném štítku pod rukojetí. Stačí fotografie.',
        ],
    },
    'helpdesk_macro_sent_spare_part': {
        'de': [
            f'Guten Tag {NAME % "Kunde"},',
            'das Ersatzteil zu Ihrer Anfrage <t t-out="object.number"/> hat heute unser Lager verlassen. Es sollte in '
            'drei Werktagen bei Ihnen sein. Bitte sagen Sie uns, ob danach alles wieder läuft.',
        ],
        'cs': [
            f'Dobrý den, {NAME % "zákazníku"},',
            'náhradní díl k Vašemu požadavku <t t-out="object.number"/> dnes opustil náš sklad. Měl by dorazit do tří '
            'pracovních dnů. Dejte nám prosím vědět, zda vše opět funguje.',
        ],
    },
    'helpdesk_macro_solved': {
        'de': [
            f'Guten Tag {NAME % "Kunde"},',
            'schön, dass wieder alles funktioniert. Wir schließen Ihre Anfrage <t t-out="object.number"/>. Falls noch '
            'etwas offen ist, antworten Sie einfach auf diese Mail.',
        ],
        'cs': [
            f'Dobrý den, {NAME % "zákazníku"},',
            'jsme rádi, že vše opět funguje, a Váš požadavek <t t-out="object.number"/> uzavíráme. Pokud ještě něco '
            'zbývá, stačí odpovědět na tento e-mail.',
        ],
    },
}
