provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "eu"
  region = "eu-west-2"
}

module "api" {
  source = "./api"
  providers = {
    aws.regional = aws.eu
  }
}
