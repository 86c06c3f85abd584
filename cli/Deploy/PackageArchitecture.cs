using System.IO.Compression;
using System.Reflection.PortableExecutable;

namespace Disa.Cli.Deploy;

/// <summary>Which of Lambda's architectures a function package is compiled for.</summary>
internal static class PackageArchitecture
{
    /// <summary>A native image for Linux has its machine masked with this: https://github.com/dotnet/runtime/blob/main/docs/design/coreclr/botr/readytorun-format.md</summary>
    private const ushort OfLinux = 0x7B79;

    /// <returns>As the parameter <c>Architecture</c> calls it; null where the package runs on any.</returns>
    /// <param name="path">The package.</param>
    /// <exception cref="FailureException">It is compiled for several, or for a machine that Lambda does not have.</exception>
    public static string? Of(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var found = zip
            .Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .Select(MachineOf)
            .OfType<ushort>()
            .Distinct()
            .ToList();
        return found switch
        {
            [] => null,
            [(ushort)Machine.Amd64 ^ OfLinux] => "x86_64",
            [(ushort)Machine.Arm64 ^ OfLinux] => "arm64",
            _ => throw new FailureException($"the package {path} has native code that no function of Lambda runs; build it again."),
        };
    }

    /// <summary>Null for an assembly without native code.</summary>
    private static ushort? MachineOf(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var stream = entry.Open())
        {
            stream.CopyTo(bytes);
        }

        bytes.Position = 0;
        using var image = new PEReader(bytes);
        return image.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 } ? (ushort)image.PEHeaders.CoffHeader.Machine : null;
    }
}
