using System.Text.RegularExpressions;

namespace Disa.Emulator.Tests;

/// <summary>What the documents name is there: files, folders, headings.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Documents =>
        [
            .. Directory
                .EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path =>
                    !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.Contains("node_modules", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_of_a_document_leads_to_a_file_and_a_heading_that_are_there(string document)
    {
        var text = File.ReadAllText(Path.Combine(Root, document));
        var broken = new List<string>();
        foreach (Match match in Link().Matches(WithoutCode(text)))
        {
            var target = match.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
            var full = path.Length == 0 ? Path.Combine(Root, document) : Path.Combine(Root, Path.GetDirectoryName(document)!, path);
            if (!File.Exists(full) && !Directory.Exists(full))
            {
                broken.Add(target);
            }
            else if (anchor is not null && !Headings(File.ReadAllText(full)).Contains(anchor, StringComparer.Ordinal))
            {
                broken.Add(target);
            }
        }

        Assert.Empty(broken);
    }

    /// <summary>Such as <c>tests/Emulator.Tests/ArchitectureTests.cs</c>; one with a placeholder in it names no file.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_that_a_document_names_is_there(string document)
    {
        var paths = CodePath()
            .Matches(File.ReadAllText(Path.Combine(Root, document)))
            .Select(match => match.Groups["path"].Value.TrimEnd('/', '.'));
        Assert.Empty(paths.Where(path => !File.Exists(Path.Combine(Root, path)) && !Directory.Exists(Path.Combine(Root, path))).Distinct());
    }

    [Fact]
    public void The_readme_fits_on_a_few_screens() => Assert.InRange(File.ReadAllLines(Path.Combine(Root, "README.md")).Length, 50, 150);

    private static string WithoutCode(string text) => Fenced().Replace(text, "");

    private static IEnumerable<string> Headings(string text) =>
        text.Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "disa.slnx")))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        return directory;
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(tests|emulator|dispatcher|cli|console|operations|client|bench|docs)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex CodePath();

    [GeneratedRegex(@"(?ms)^```.*?^```")]
    private static partial Regex Fenced();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
