namespace Agent.Benchmarks;

/// <summary>The least that any program must do for each file, and what others do; compiled when it is needed.</summary>
internal sealed class FilePeers
{
    const string OpenReadClose =
        """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <unistd.h>
        int main(int argc, char **argv) {
            static char line[8192], bytes[4096];
            FILE *list = fopen(argv[1], "r");
            long sum = 0;
            while (list && fgets(line, sizeof line, list)) {
                line[strcspn(line, "\n")] = 0;
                int file = open(line, O_RDONLY | O_CLOEXEC);
                struct stat status;
                if (file < 0) return 1;
                if (fstat(file, &status) != 0) return 2;
                sum += status.st_size + pread(file, bytes, sizeof bytes, 0);
                close(file);
            }
            printf("%ld\n", sum);
            return list ? 0 : 3;
        }
        """;

    const string OpenFormat =
        """
        #include <stdio.h>
        #include <string.h>
        #include <libavformat/avformat.h>
        int main(int argc, char **argv) {
            static char line[8192];
            FILE *list = fopen(argv[1], "r");
            long sum = 0;
            while (list && fgets(line, sizeof line, list)) {
                line[strcspn(line, "\n")] = 0;
                AVFormatContext *format = NULL;
                if (avformat_open_input(&format, line, NULL, NULL) < 0) return 1;
                if (avformat_find_stream_info(format, NULL) < 0) return 2;
                sum += format->duration;
                avformat_close_input(&format);
            }
            printf("%ld\n", sum);
            return list ? 0 : 3;
        }
        """;

    readonly string _loop;

    public FilePeers(string folder)
    {
        _loop = Compile(folder, "loop", OpenReadClose);
        if (Run.IsThere("pkg-config", "--exists", "libavformat"))
            Libavformat = Compile(folder, "format", OpenFormat, "-lavformat", "-lavutil");
    }

    /// <summary>Null where its headers are not installed.</summary>
    public string? Libavformat { get; }

    public TimeSpan Loop(string list) => Run.Of(_loop, list).Took;

    /// <summary>Lists every file, and writes the list that the loop goes through.</summary>
    public static TimeSpan List(string root, string list) => Run.Of("/bin/sh", "-c", "find \"$1\" -type f -printf '%p\\n' > \"$2\"", "sh", root, list).Took;

    public static TimeSpan Folders(string root) => Run.Of("find", root, "-type", "d", "-printf", "%T@").Took;

    public static TimeSpan SizesAndTimes(string root) => Run.Of("find", root, "-printf", "%s %T@").Took;

    static string Compile(string folder, string name, string source, params string[] libraries)
    {
        var code = Path.Combine(folder, $"{name}.c");
        File.WriteAllText(code, source);
        Run.Of("gcc", ["-O2", "-o", Path.Combine(folder, name), code, .. libraries]);
        return Path.Combine(folder, name);
    }
}
