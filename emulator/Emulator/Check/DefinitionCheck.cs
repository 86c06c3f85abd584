using System.Text;
using Disa.Asl;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Check;

/// <summary>Everything that can be said of a state machine before it runs.</summary>
internal static class DefinitionCheck
{
    /// <summary>Bytes of a definition.</summary>
    private const int DefinitionLimit = 1_048_576;

    /// <summary>Bytes of a state's input or output.</summary>
    private const int PayloadLimit = 262_144;

    /// <param name="diagnose">The rules of the language, and what the tasks call.</param>
    public static Findings Of(CheckedFile file, Func<string, IReadOnlyList<Diagnostic>> diagnose)
    {
        var findings = new Findings(file.Path);
        var bytes = Encoding.UTF8.GetByteCount(file.Text);
        if (bytes > DefinitionLimit)
        {
            findings.Add(default, $"the definition has {bytes} bytes", $"at most {DefinitionLimit}");
        }

        Node root = MapNode.Empty;
        if (!findings.Holds(default, () => root = JsonTemplate.Read(file.Text)))
        {
            return findings;
        }

        foreach (var diagnostic in diagnose(file.Text))
        {
            var unsure = diagnostic.Code == Diagnostic.Unsupported;
            findings.Add(
                At(root, diagnostic.Field ?? diagnostic.Location ?? "/"),
                unsure ? $"not checked here: {diagnostic.Message}" : diagnostic.Message.TrimEnd('.'),
                diagnostic.Location is null or "/" ? null : $"another value at {diagnostic.Location}",
                unsure
            );
        }

        Payloads(root, findings);
        return findings;
    }

    /// <summary>Literal data that no state could take.</summary>
    private static void Payloads(Node node, Findings findings)
    {
        foreach (var entry in (node as MapNode)?.Entries ?? [])
        {
            if (
                entry.Key is "Result" or "Parameters" or "ResultSelector" or "ItemSelector"
                && Encoding.UTF8.GetByteCount(entry.Value.ToJsonText()) is > PayloadLimit and var bytes
            )
            {
                findings.Add(entry.At, $"'{entry.Key}' has {bytes} bytes", $"at most {PayloadLimit}, the most that a state takes or gives");
            }

            Payloads(entry.Value, findings);
        }

        foreach (var item in (node as ListNode)?.Items ?? [])
        {
            Payloads(item, findings);
        }
    }

    /// <summary>Where a pointer such as <c>/States/X/Next</c> leads; as far as it does where the last part is what is missing.</summary>
    private static Mark At(Node root, string pointer)
    {
        var (node, at, rest) = (root, root.At, pointer.TrimStart('/'));
        while (rest.Length > 0)
        {
            // A state's name may have slashes: the longest key that fits.
            var entry = (node as MapNode)
                ?.Entries.Where(entry =>
                    rest == entry.Key
                    || rest.StartsWith(entry.Key + "/", StringComparison.Ordinal)
                    || rest.StartsWith(entry.Key + "[", StringComparison.Ordinal)
                )
                .MaxBy(entry => entry.Key.Length);
            if (entry is not null)
            {
                (node, at, rest) = (entry.Value, entry.At, rest[entry.Key.Length..].TrimStart('/'));
            }
            else if (node is ListNode list && Index(ref rest) is { } index && index < list.Items.Count)
            {
                (node, at) = (list.Items[index], list.Items[index].At);
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static int? Index(ref string rest)
    {
        var text = rest.TrimStart('[');
        var digits = text.Length - text.TrimStart("0123456789".ToCharArray()).Length;
        if (digits == 0)
        {
            return null;
        }

        rest = text[digits..].TrimStart(']').TrimStart('/');
        return int.Parse(text[..digits]);
    }
}
