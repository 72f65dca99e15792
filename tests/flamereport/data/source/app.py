def parse(text):
    # "a" < b & c
    return text.split()

def render(page):
    return page.upper()

def main():
    pass
    run()
