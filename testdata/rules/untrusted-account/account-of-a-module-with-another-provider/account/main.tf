data "aws_caller_identity" "this" {}

output "account" {
  value = data.aws_caller_identity.this.account_id
}
