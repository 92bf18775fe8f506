"""Join the lines of format=flowed text (RFC 3676), as the sender wrote it."""


def unflow(text, delsp=False):
    """Return ``text`` with soft line breaks joined; quoted lines keep their marks, signatures stay apart.

    :param str text: decoded text of the part, lines end in LF or CRLF
    :param bool delsp: the blank before a soft break is not a part of the text (DelSp=yes)
    """
    done, current, depth = [], '', None
    for line in text.replace('\r\n', '\n').split('\n'):
        level = len(line) - len(line.lstrip('>'))
        words = line[level:]
        words = words[1:] if words.startswith(' ') else words  # stuffed, section 4.4
        signature = words == '-- '
        if depth is not None and (level != depth or signature):  # a soft break does not join other levels, section 4.5
            done.append(_marked(current, depth))
            depth = None
        if depth is None:
            current, depth = '', level
        soft = words.endswith(' ') and not signature
        current += words[:-1] if soft and delsp else words
        if not soft:
            done.append(_marked(current, depth))
            depth = None
    if depth is not None:
        done.append(_marked(current, depth))
    return '\n'.join(done)


def _marked(text, depth):
    return f'{">" * depth} {text}' if depth else text
