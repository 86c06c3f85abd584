using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Kms;

/// <summary>The policy that each key has: the default ones, and what AWS checks of others.</summary>
internal static class KeyPolicy
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<string, object> Open = [];

    /// <summary>What CreateKey gives where the request has none: the account decides by IAM policies.</summary>
    public static string Default(Scope scope) =>
        $$"""
            {
              "Version" : "2012-10-17",
              "Id" : "key-default-1",
              "Statement" : [ {
                "Sid" : "Enable IAM User Permissions",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "{{Root(scope)}}"
                },
                "Action" : "kms:*",
                "Resource" : "*"
              } ]
            }
            """;

    public static string OfManaged(string service, Scope scope) =>
        $$"""
            {
              "Version" : "2012-10-17",
              "Id" : "auto-{{service}}-1",
              "Statement" : [ {
                "Sid" : "Allow access through {{service}} for all principals in the account that are authorized to use it",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "*"
                },
                "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
                "Resource" : "*",
                "Condition" : {
                  "StringEquals" : {
                    "kms:ViaService" : "{{service}}.{{scope.Region}}.amazonaws.com",
                    "kms:CallerAccount" : "{{scope.Account}}"
                  }
                }
              }, {
                "Sid" : "Allow direct access to key metadata to the account",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "{{Root(scope)}}"
                },
                "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
                "Resource" : "*"
              } ]
            }
            """;

    /// <summary>Answers the policy if it is one, and if its author could change it again.</summary>
    /// <exception cref="AwsException">MalformedPolicyDocumentException.</exception>
    public static string Checked(string policy, Caller caller, bool bypassLockoutCheck)
    {
        PolicyDocument document;
        try
        {
            document = PolicyDocument.Parse(policy, PolicyKind.Resource);
        }
        catch (PolicyException failure)
        {
            throw KmsErrors.MalformedPolicy(failure.Message);
        }

        return bypassLockoutCheck || document.Statements.Any(statement => LetsChange(statement, caller))
            ? policy
            : throw KmsErrors.MalformedPolicy("The new key policy will not allow you to update the key policy in the future.");
    }

    /// <summary>Whether an account's own requests need no look at a key's policy: it allows the account everything, and denies nobody anything.</summary>
    public static bool LeavesAllToTheAccount(string policy, Scope scope) =>
        Open.TryGetValue(policy, out var known)
            ? (bool)known
            : (bool)
                Open.GetValue(
                    policy,
                    text =>
                    {
                        var root = Root(scope);
                        var document = PolicyDocument.Of(text, PolicyKind.Resource);
                        return document.Statements.All(statement => statement.Allow)
                            && document.Statements.Any(statement =>
                                statement.Conditions.Count == 0
                                && statement.Actions.Contains("kms:*")
                                && statement.Resources.Contains("*")
                                && statement.Principals.Any(principal => principal.Value == root || principal.Value == scope.Account)
                            );
                    }
                );

    /// <summary>A statement with conditions does not count: nobody knows whether the next request will meet them.</summary>
    private static bool LetsChange(PolicyStatement statement, Caller caller) =>
        statement.Allow
        && statement.Conditions.Count == 0
        && statement.Actions.Any(action => Wildcard.Matches(action, "kms:PutKeyPolicy", ignoreCase: true))
        && statement.Principals.Any(principal => principal.Kind is "AWS" or "*" && IsOrHolds(principal.Value, caller));

    private static bool IsOrHolds(string principal, Caller caller) =>
        principal == "*"
        || principal == caller.Account
        || principal == Root(caller.Scope)
        || principal == caller.Arn
        || (
            Arn.TryParse(caller.Arn) is { Service: "sts" } session
            && session.Resource.Split('/') is ["assumed-role", var role, ..]
            && Arn.TryParse(principal) is { Service: "iam" } iam
            && iam.Account == session.Account
            && iam.Resource.StartsWith("role/", StringComparison.Ordinal)
            && iam.Resource.EndsWith("/" + role, StringComparison.Ordinal)
        );

    private static string Root(Scope scope) => $"arn:{Arn.Partition(scope.Region)}:iam::{scope.Account}:root";
}
