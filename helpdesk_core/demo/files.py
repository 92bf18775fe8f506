"""Small files that people attach: made here, so that none has to be kept. Needs nothing but Pillow."""

import base64
import io

from PIL import Image, ImageDraw

TYPES = {
    'photo': 'image/png',
    'screenshot': 'image/png',
    'pdf': 'application/pdf',
    'csv': 'text/csv',
    'log': 'text/plain',
}


def make(kind, rng, values, at):
    """Return (name, content, mimetype) of an attachment of ``kind``, at the datetime ``at``."""
    name, content = {'photo': photo, 'screenshot': screenshot, 'pdf': pdf, 'csv': table, 'log': log}[kind](
        rng, values, at
    )
    return name, content, TYPES[kind]


def photo(rng, values, at):
    """A rating plate on a bench, as a phone takes it."""
    tone = rng.randint(90, 150)
    image = Image.new('RGB', (480, 320), (tone + 40, tone + 20, tone - 20))
    draw = ImageDraw.Draw(image)
    for y in range(0, 320, 4):  # the grain of the bench
        shade = rng.randint(-8, 8)
        draw.line(
            (0, y, 480, y + rng.randint(-6, 6)), fill=(tone + 30 + shade, tone + 12 + shade, tone - 26 + shade), width=2
        )
    draw.rounded_rectangle((70, 80, 410, 240), 14, fill=(38, 44, 50), outline=(15, 15, 15), width=3)
    draw.rectangle((90, 100, 390, 220), fill=(222, 222, 216))
    for line, text in enumerate(
        ('KESTWICK TOOLS', values['product'], 'SN ' + values['serial'], 'DC 18 V   IP 54   made in EU')
    ):
        draw.text((104, 108 + 26 * line), text, fill=(20, 20, 20))
    draw.line((250, 70, 300 + rng.randint(-30, 30), 250), fill=(120, 30, 20), width=rng.randint(2, 5))
    return f'IMG_{at:%Y%m%d}_{rng.randint(1000, 9999)}.png', _png(image)


def screenshot(rng, values, at):
    """A window with a message in it."""
    image = Image.new('RGB', (520, 300), (236, 239, 243))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 520, 34), fill=(32, 74, 104))
    draw.text((14, 10), 'Basewright', fill=(255, 255, 255))
    for row in range(5):
        draw.rectangle((20, 54 + row * 44, 500, 88 + row * 44), fill=(255, 255, 255), outline=(210, 214, 220))
        draw.rectangle((30, 64 + row * 44, 60 + rng.randint(60, 200), 72 + row * 44), fill=(196, 202, 210))
    draw.rectangle((110, 110, 410, 200), fill=(255, 247, 230), outline=(190, 130, 20), width=2)
    draw.text((126, 124), 'Something went wrong', fill=(90, 60, 0))
    draw.text((126, 150), f'Code {rng.randint(400, 599)}-{rng.randint(10, 99)}   {at:%Y-%m-%d %H:%M}', fill=(90, 60, 0))
    draw.text((126, 172), values['product'], fill=(90, 60, 0))
    return f'Screenshot {at:%Y-%m-%d %H%M%S}.png', _png(image)


def logo(colour, shape):
    """Return a brand's logo, base64: a white shape (list of corners, of 256 x 256) in a rounded square."""
    image = Image.new('RGBA', (256, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((8, 8, 248, 248), 48, fill=colour)
    draw.polygon(shape, fill='white')
    return base64.b64encode(_png(image))


def _png(image):
    buffer = io.BytesIO()
    image.save(buffer, 'PNG', optimize=False)
    return buffer.getvalue()


def table(rng, values, at):
    """A list of tools as a spreadsheet program writes it."""
    rows = ['serial;name;site;checked']
    for index in range(rng.randint(12, 30)):
        rows.append(
            f'{values["serial"][:-5]}{rng.randint(10000, 99999)};{values["product"]};{values["city"]};'
            f'{at:%Y}-{1 + index % 12:02d}-{rng.randint(1, 28):02d}'
        )
    return f'tools_{at:%Y-%m-%d}.csv', '\n'.join(rows).encode()


def log(rng, values, at):
    """Some lines of a program's log, the last ones with the trouble."""
    steps = ('connect', 'handshake', 'session opened', 'request sent', 'keep-alive', 'retry scheduled')
    lines = [
        f'{at:%Y-%m-%d %H}:{index // 2:02d}:{rng.randint(10, 59)} INFO  [{rng.randint(100, 999)}] {rng.choice(steps)}'
        for index in range(24)
    ]
    lines += [
        f'{at:%Y-%m-%d} {at:%H}:13:0{index} ERROR [{rng.randint(100, 999)}] {what}'
        for index, what in enumerate(('connection closed by peer', 'giving up after 3 attempts', 'exit code 3'))
    ]
    return f'{rng.choice(("client", "sync", "service"))}-{at:%Y%m%d}.log', '\n'.join(lines).encode()


def pdf(rng, values, at):
    """One page with a heading and some lines."""
    title, name = (
        rng.choice(
            (
                (f'Document for order {values["order"]}', values['order']),
                (f'Invoice {values["invoice"]}', values['invoice']),
                (f'Sheet {values["rma"]}', values['rma']),
            )
        )
        if values['team'] != 'billing'
        else (f'Invoice {values["invoice"]}', values['invoice'])
    )
    lines = [
        'Kestwick Tools',
        '',
        title,
        f'Date: {at:%Y-%m-%d}',
        f'For: {values["company"]}',
        '',
        f'1 x {values["product"]}',
        f'Serial number {values["serial"]}',
        '',
        f'Total: {values["amount"]}',
        '',
        'Made by the demo data of the helpdesk. Nothing in it is real.',
    ]
    return f'{name}.pdf', _pdf(lines)


def _pdf(lines):
    """Return a PDF (1.4) of one A4 page with ``lines`` in Helvetica."""
    shown = ''.join(
        '({}) Tj T*\n'.format(line.replace('\\', r'\\').replace('(', r'\(').replace(')', r'\)')) for line in lines
    )
    stream = f'BT /F1 13 Tf 20 TL 70 770 Td\n{shown}ET'.encode('cp1252', 'replace')
    objects = [
        b'<< /Type /Catalog /Pages 2 0 R >>',
        b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R '
        b'/Resources << /Font << /F1 5 0 R >> >> >>',
        b'<< /Length %d >>\nstream\n%s\nendstream' % (len(stream), stream),
        b'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ]
    content, offsets = b'%PDF-1.4\n', []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b'%d 0 obj\n%s\nendobj\n' % (number, body)
    xref = ''.join(f'{offset:010d} 00000 n \n' for offset in offsets).encode()
    return (
        content
        + b'xref\n0 6\n0000000000 65535 f \n'
        + xref
        + (b'trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' % len(content))
    )
