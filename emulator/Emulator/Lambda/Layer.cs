using System.Text.Json.Serialization;

namespace Disa.Emulator.Lambda;

/// <summary>A layer as it is kept: its versions, and the last number that was given to one.</summary>
internal sealed record Layer(string Name)
{
    /// <summary>Versions are numbered on even where all were deleted.</summary>
    public int LastVersion { get; init; }

    public IReadOnlyList<LayerVersion> Versions { get; init; } = [];
}

/// <summary>One published version of a layer.</summary>
internal sealed record LayerVersion(int Number)
{
    /// <summary>Base64; under it the package is kept.</summary>
    public required string CodeSha256 { get; init; }

    /// <summary>Bytes of the package.</summary>
    public required long CodeSize { get; init; }

    /// <summary>Bytes of the package's files, unpacked.</summary>
    public long UnzippedSize { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string Description { get; init; } = "";

    public string? LicenseInfo { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }

    /// <summary>Who else may get it.</summary>
    public IReadOnlyList<LayerStatement> Policy { get; init; } = [];

    /// <summary>Another one whenever the policy changes.</summary>
    public string RevisionId { get; init; } = "";

    /// <summary>The CloudFormation step that made it.</summary>
    public string? Token { get; init; }
}

/// <summary>One statement of a layer's policy, as AddLayerVersionPermission was given it.</summary>
internal sealed record LayerStatement(string Sid, string Action, string Principal, string? OrganizationId);

/// <summary>How layers are written on disk.</summary>
[JsonSerializable(typeof(Layer))]
internal sealed partial class LayerDocuments : JsonSerializerContext;
