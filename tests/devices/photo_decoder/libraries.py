"""Decoder libraries written for the tests: what makers' libraries do well and badly, in C, compiled when asked for."""

import subprocess
from pathlib import Path

from kiosk.domain.identity_document import ChipPhoto

PHOTO = ChipPhoto(bytes.fromhex("574C66007E003200") + bytes(range(256)) * 3 + bytes(248))

PICTURE = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* Pixel (column, row from the top) is blue = column, green = row, red = second byte of the photo's body. */
static void paint(unsigned char *at, int stride, int bottom_up, int red) {
    for (int row = 0; row < 126; row++)
        for (int column = 0; column < 102; column++) {
            unsigned char *pixel = at + (bottom_up ? 125 - row : row) * stride + column * 3;
            pixel[0] = column; pixel[1] = row; pixel[2] = red;
        }
}
static int bmp(unsigned char *file, int height, int red) {
    static const unsigned char head[54] = {'B', 'M', 0xCE, 0x97, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
        40, 0, 0, 0, 102, 0, 0, 0, 0, 0, 0, 0, 1, 0, 24, 0};
    memset(file, 0, 38862);
    memcpy(file, head, 54);
    memcpy(file + 22, &height, 4);
    paint(file + 54, 308, height > 0, red);
    return 38862;
}
static int write_bmp(const char *path, int red) {
    static unsigned char file[38862];
    FILE *out = fopen(path, "wb");
    if (!out) return 0;
    fwrite(file, 1, bmp(file, 126, red), out);
    fclose(out);
    return 1;
}
static int beside(const char *wlt) {
    char path[512];
    unsigned char photo[1024];
    FILE *in = fopen(wlt, "rb");
    if (!in || fread(photo, 1, 1024, in) != 1024) return -3;
    fclose(in);
    snprintf(path, sizeof path, "%s", wlt);
    strcpy(path + strlen(path) - 4, ".bmp");
    return write_bmp(path, photo[9]);
}
"""
UNPACK = "int _Unpack(const unsigned char *photo, int bytes, unsigned char *picture, int *length)"
GOOD_BMP = UNPACK + "{ *length = bmp(picture, 126, photo[9]); return bytes == 1024; }"
LIBRARIES = {
    "bmp": GOOD_BMP,
    "header-only": UNPACK
    + '{ if (memcmp(photo, "WL", 2)) return 0; *length = bmp(picture, 126, photo[9]); return 1; }',
    "top-down": UNPACK + "{ *length = bmp(picture, -126, photo[9]); return 1; }",
    "raw": UNPACK + "{ paint(picture, 306, 1, photo[9]); *length = 38556; return 1; }",
    "get-bmp": "int GetBmp(const char *path, int interface) { return interface == 1 ? beside(path) : -6; }",
    "unlicensed": "int GetBmp(const char *path, int interface) { return -5; }",
    "no-file": "int GetBmp(const char *path, int interface) { return 1; }",
    "dewlt": "int dewlt(const char *path) { return beside(path); }",
    "wlt-get-bmp": """
        static char folder[512];
        int wltInit(const char *path) { strcpy(folder, path); return access("license.lic", R_OK); }
        int wltGetBMP(const unsigned char *frame, const unsigned char *licence) {
            static const unsigned char wanted[12] = {5, 0, 1, 0, 0xE5, 0xD6, 0x34, 1, 0x40, 0xE2, 1, 0};
            unsigned char check = 0;
            for (int at = 5; at < 1295; at++) check ^= frame[at];
            if (check || memcmp(frame, "\\xAA\\xAA\\xAA\\x96\\x69\\x05\\x08", 7)) return 3;
            if (memcmp(licence, wanted, 12)) return 2;
            strcat(folder, "/zp.bmp");
            return write_bmp(folder, frame[14 + 256 + 9]);
        }""",
    "refuses": UNPACK + "{ return 0; }",
    "crashes": UNPACK + "{ *(volatile int *)8 = 1; return 1; }",
    "crashes-loaded": "__attribute__((constructor)) static void early(void) { abort(); }" + GOOD_BMP,
    "exits": UNPACK + "{ exit(0); }",
    "loops": UNPACK + "{ for (volatile int turn = 0;; turn++) {} }",
    "sleeps": UNPACK + "{ for (;;) pause(); }",
    "hog": UNPACK + "{ for (;;) memset(malloc(1 << 24), 1, 1 << 24); }",
    "stack": UNPACK
    + "{ volatile char room[1 << 20]; room[0] = 1; return _Unpack(photo, bytes, picture, length) + room[0]; }",
    "short": UNPACK + "{ *length = bmp(picture, 126, 1) - 1; return 1; }",
    "negative": UNPACK + "{ *length = -1; return 1; }",
    "giant": UNPACK + "{ bmp(picture, 126, 1); *length = 0x7fffffff; return 1; }",
    "silent-length": UNPACK + "{ bmp(picture, 126, 1); return 1; }",
    "blank": UNPACK + "{ memset(picture, 255, 38556); *length = 38556; return 1; }",
    "other-size": UNPACK + "{ *length = bmp(picture, 126, 1); picture[18] = 103; return 1; }",
    "talks": "#include <fcntl.h>\n"
    + UNPACK
    + """{
        for (int line = 0; line < 100000; line++) { puts("ok"); fputs("ok", stderr); }
        fflush(stdout);
        if (write(1, "ok", 2) != 2 || getchar() != EOF) return 0;
        *length = bmp(picture, 126, photo[9]);
        return 1;
    }""",
    "forks": "#include <sys/types.h>\n"
    + UNPACK
    + """{
        pid_t child = fork();
        if (!child) for (;;) pause();
        *length = bmp(picture, 126, photo[9]);
        char path[600]; snprintf(path, sizeof path, "%s.pid", MARK);
        FILE *mark = fopen(path, "w"); fprintf(mark, "%d", child); fclose(mark);
        return 1;
    }""",
    "forks-and-crashes": "#include <sys/types.h>\n"
    + UNPACK
    + """{
        pid_t child = fork();
        if (!child) for (;;) pause();
        char path[600]; snprintf(path, sizeof path, "%s.pid", MARK);
        FILE *mark = fopen(path, "w"); fprintf(mark, "%d", child); fclose(mark);
        abort();
    }""",
    "litters": UNPACK
    + """{
        FILE *file = fopen("wz.txt", "w"); fwrite(photo, 1, bytes, file); fclose(file);
        char path[600]; snprintf(path, sizeof path, "%s/more", getenv("TMPDIR"));
        file = fopen(path, "w"); if (!file) return 0; fwrite(photo, 1, bytes, file); fclose(file);
        *length = bmp(picture, 126, photo[9]);
        return 1;
    }""",
    "looks-about": "#include <fcntl.h>\n#include <sys/prctl.h>\n#include <sys/resource.h>\n"
    + UNPACK
    + """{
        extern char **environ;
        struct rlimit core;
        if (getrlimit(RLIMIT_CORE, &core) || core.rlim_max || prctl(PR_GET_DUMPABLE)) return 0;
        for (char **one = environ; *one; one++) if (!strncmp(*one, "SECRET", 6)) return 0;
        for (int descriptor = 4; descriptor < 256; descriptor++) if (fcntl(descriptor, F_GETFD) != -1) return 0;
        *length = bmp(picture, 126, photo[9]);
        return 1;
    }""",
    "takes-80-mb": UNPACK
    + """{
        char *room = malloc(80 << 20);
        if (!room) return 0;
        memset(room, 1, 80 << 20);
        *length = bmp(picture, 126, photo[9]);
        return 1;
    }""",
    "empty": "int nothing;",
}


def compile_library(name: str, folder: Path) -> Path:
    """``folder/name.so``, compiled once; a library that starts a process writes its number to ``folder/name.pid``."""
    library, source = folder / f"{name}.so", folder / f"{name}.c"
    if not library.exists():
        source.write_text(PICTURE + LIBRARIES[name])
        options = ["-shared", "-fPIC", "-O0", "-w", f'-DMARK="{folder / name}"']
        subprocess.run(["gcc", *options, "-o", str(library), str(source)], check=True)
    return library
