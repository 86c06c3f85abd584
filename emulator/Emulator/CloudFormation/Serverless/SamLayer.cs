using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary><c>AWS::Serverless::LayerVersion</c>: a version of a layer, another resource whenever what it says changes.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html</remarks>
internal static class SamLayer
{
    private static readonly string[] Known =
    [
        "CompatibleArchitectures",
        "CompatibleRuntimes",
        "ContentUri",
        "Description",
        "LayerName",
        "LicenseInfo",
        "RetentionPolicy",
    ];

    /// <param name="id">As the template calls it.</param>
    /// <param name="source">The resource.</param>
    /// <param name="properties">With the globals.</param>
    /// <param name="values">The template's parameters, as far as they are known.</param>
    /// <param name="names">Takes what it is called from here on.</param>
    public static (string Id, MapNode Resource) Write(
        string id,
        MapNode source,
        MapNode properties,
        IReadOnlyDictionary<string, string> values,
        Dictionary<string, string> names
    )
    {
        foreach (var entry in properties.Entries.Where(entry => !Known.Contains(entry.Key)))
        {
            throw SamErrors.Undone($"the property {entry.Key} of a layer");
        }

        var uri = properties["ContentUri"] ?? throw SamErrors.Resource(id, "Missing required property 'ContentUri'.");
        var (bucket, key, version) = SamTransform.Location(uri, id, "ContentUri");
        var retention = properties["RetentionPolicy"] is { } given ? SamTransform.Known(given, values, id, "RetentionPolicy") : "Retain";
        if (retention is not ("Retain" or "Delete"))
        {
            throw SamErrors.Resource(id, "'RetentionPolicy' must be one of the following options: ['Retain', 'Delete'].");
        }

        var written = Map([
            ("LayerName", properties["LayerName"] ?? Text(id)),
            ("Content", Map(("S3Bucket", bucket), ("S3Key", key), ("S3ObjectVersion", version))),
            .. Of(properties, "CompatibleArchitectures", "CompatibleRuntimes", "Description", "LicenseInfo"),
        ]);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(written.ToJsonText()));
        var made = id + Convert.ToHexStringLower(hash)[..10];
        names[id] = made;
        return (
            made,
            Resource(
                "AWS::Lambda::LayerVersion",
                written,
                source,
                [("DeletionPolicy", Text(retention)), .. Of(source, "DependsOn", "Metadata")]
            )
        );
    }
}
