namespace Disa.Cli.Deploy;

/// <summary>Where CloudFormation finds the root template once it is uploaded.</summary>
internal static class TemplateUrl
{
    public static string Of(string region, string bucket, string prefix) =>
        $"https://{bucket}.s3.{region}.{UrlSuffix(region)}/{prefix}cft/disa-root-stack.yaml";

    private static string UrlSuffix(string region) =>
        Amazon.RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix is { Length: > 0 } suffix ? suffix : "amazonaws.com";
}
