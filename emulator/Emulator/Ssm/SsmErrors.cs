using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

/// <summary>Systems Manager's errors, in its words. Some of them have no text.</summary>
internal static class SsmErrors
{
    public static AwsException NotFound() => new("ParameterNotFound", "");

    public static AwsException NoVersion(string version, string name) =>
        new("ParameterVersionNotFound", $"Systems Manager could not find version {version} of {name}. Verify the version and try again.");

    public static AwsException NoLabel(string label, string name) =>
        new(
            "ParameterVersionNotFound",
            $"Systems Manager could not find label {label} for parameter {name}. Verify the label and try again."
        );

    public static AwsException AlreadyExists() =>
        new(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
        );

    public static AwsException LimitExceeded() =>
        new(
            "ParameterLimitExceeded",
            "You have exceeded the number of parameters for this AWS account. Delete one or more parameters and try again."
        );

    public static AwsException OldestHasLabel(string name, long version) =>
        new(
            "ParameterMaxVersionLimitExceeded",
            $"You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. Version {version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again."
        );

    public static AwsException TooManyLabels() =>
        new(
            "ParameterVersionLabelLimitExceeded",
            "A parameter version can have maximum 10 labels.Move one or more labels to another version and try again."
        );

    public static AwsException Mismatch(string pattern) =>
        new("ParameterPatternMismatchException", $"Parameter value, cannot be validated against allowedPattern: {pattern}");

    public static AwsException InvalidPattern() =>
        new("InvalidAllowedPatternException", "The request doesn't meet the regular expression requirement.");

    public static AwsException InvalidNextToken() => new("InvalidNextToken", "The specified token isn't valid.");

    public static AwsException FilterKey(string message) => new("InvalidFilterKey", message);

    public static AwsException FilterOption(string message) => new("InvalidFilterOption", message);

    public static AwsException FilterValue(string message) => new("InvalidFilterValue", message);

    public static AwsException NoResource() => new("InvalidResourceId", "");

    public static AwsException TooManyTags() => new("TooManyTagsError", "");

    public static AwsException Invalid(string message) => new("ValidationException", message);

    /// <param name="value">As AWS shows it; null for one that it does not show.</param>
    public static AwsException Constraint(string? value, string member, string constraint) =>
        Invalid(
            $"1 validation error detected: Value {(value is null ? "" : $"'{value}' ")}at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <summary>How many a page has.</summary>
    /// <param name="most">The highest number that the operation takes, and how many it answers when none is named.</param>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static int PageSize(int? maxResults, int most) =>
        maxResults < 1 || maxResults > most
            ? throw Constraint(
                $"{maxResults}",
                "maxResults",
                $"Member must have value {(maxResults < 1 ? "greater than or equal to 1" : $"less than or equal to {most}")}"
            )
            : maxResults ?? most;

    /// <summary>The member's value, which AWS demands.</summary>
    public static T Required<T>(T? value, string member)
        where T : class =>
        value
        ?? throw Invalid($"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null");

    /// <summary>What KMS answered, as Systems Manager hands it on.</summary>
    public static AwsException Kms(AwsException failure, string requestId) =>
        new(
            failure.Code == "AccessDeniedException" ? failure.Code : "InvalidKeyId",
            $"{failure.Message} (Service: AWSKMS; Status Code: {failure.StatusCode}; Error Code: {failure.Code}; Request ID: {requestId}; Proxy: null)"
        );
}
